"""A step under construction: its data in the order people write it, and a remark for above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc import pins
from svc.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Made:
    data: dict[str, Any]
    remark: str = ""

    def with_id(self, id_: str) -> Made:
        name, *rest = self.data.items()
        return replace(self, data=dict([name, ("id", id_), *rest]))

    def when(self, condition: str) -> Made:
        """`if` stands after name and id."""
        head = [(key, value) for key, value in self.data.items() if key in ("name", "id")]
        rest = [(key, value) for key, value in self.data.items() if key not in ("name", "id")]
        return replace(self, data=dict([*head, ("if", condition), *rest]))

    def with_remark(self, remark: str) -> Made:
        return replace(self, remark=remark)


def action(name: str, uses: str, inputs: Mapping[str, Any] | None = None, env: Mapping[str, str] | None = None) -> Made:
    """An action at its pinned commit."""
    data: dict[str, Any] = {"name": name, "uses": pins.action(uses).reference}
    if env:
        data["env"] = dict(env)
    if inputs:
        data["with"] = dict(inputs)
    return Made(data)


def run(name: str, script: str, env: Mapping[str, str] | None = None, folder: str | None = None) -> Made:
    data: dict[str, Any] = {"name": name}
    if folder:
        data["working-directory"] = folder
    if env:
        data["env"] = dict(env)
    return Made({**data, "run": script})

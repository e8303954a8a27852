"""Capabilities beyond the allowed ones are added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.checks._pods import Found, is_windows, items, name, quoted
from svc.kubernetes.types import Manifest


@dataclass(frozen=True, slots=True)
class Params:
    allowed: tuple[str, ...] = ()
    restricted: bool = False
    kubernetes: int = 37


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    old = params.restricted and params.kubernetes < 22
    if old or (params.restricted and is_windows(manifest) and params.kubernetes >= 25):
        return
    for route, container in manifest.containers():
        for index, capability in enumerate(items(container, "securityContext", "capabilities", "add")):
            if capability not in params.allowed:
                allowed = quoted(params.allowed) or "none"
                message = f"{name(container)} adds capability `{capability}`; allowed are {allowed}"
                yield (*route, "securityContext", "capabilities", "add", index), message

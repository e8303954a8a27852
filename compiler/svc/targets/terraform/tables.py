"""The provider's arguments as tables: what a resource, data source or ephemeral resource accepts and exports.

`aws.json` is derived from the provider's bindings; `aws-extra.json` adds what those lack: further types, data
sources and the attributes that the cloud computes. An argument is `[type, required]`, and a nested object is a block.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from svc import assets

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tables:
    resource: Mapping[str, Arguments]
    data: Mapping[str, Arguments]
    ephemeral: Mapping[str, Arguments]
    computed: Mapping[str, Mapping[str, Any]]
    """Attributes beyond the arguments, by `type`, `data.type` and `ephemeral.type`."""

    def arguments(self, kind: str, type_: str) -> Arguments | None:
        tables = {"resource": self.resource, "data": self.data, "ephemeral": self.ephemeral}
        return tables[kind].get(type_)


def tables() -> Tables:
    folder = assets.schemas() / "terraform"
    own = json.loads((folder / "aws.json").read_text(encoding="utf-8"))
    extra = json.loads((folder / "aws-extra.json").read_text(encoding="utf-8"))
    return Tables({**own["resources"], **extra["resources"]}, extra["data"], extra["ephemeral"], extra["computed"])

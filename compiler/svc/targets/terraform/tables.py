"""The provider's schema: what a resource, data source or ephemeral resource accepts and exports.

`aws-schema.json` is derived from the provider's bindings and has the form of `terraform providers schema -json`;
`aws-extra.json` adds, in the same form, what the bindings lack, and `aws-before.json` what the major version before had.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from svc import assets, pins
from svc.records import dataclass
from svc.targets.terraform.types import Module
from svc.targets.terraform.versions import demands, leaves, plans

Schema = Mapping[str, Any]
"""A block of the schema: `attributes` and `block_types`."""

_KINDS = {"resource": "resource_schemas", "data": "data_source_schemas", "ephemeral": "ephemeral_resource_schemas"}


@dataclass(frozen=True, slots=True)
class Tables:
    major: int
    kinds: Mapping[str, Mapping[str, Schema]]

    def schema(self, kind: str, type_: str) -> Schema | None:
        """`kind` is the block's: resource, data or ephemeral. None for a type that we do not know."""
        found = self.kinds[kind].get(type_)
        return found["block"] if found else None

    def exports(self, kind: str, type_: str, attribute: str) -> bool:
        schema = self.schema(kind, type_)
        return schema is None or attribute in schema.get("attributes", {}) or attribute in schema.get("block_types", {})


@cache
def tables() -> Tables:
    folder = assets.schemas() / "terraform"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("aws-schema.json", "aws-extra.json")]
    files = [json.loads(text) for text in texts]
    kinds = {kind: _merged([file.get(key, {}) for file in files]) for kind, key in _KINDS.items()}
    return Tables(_version()[0], kinds)


@cache
def _before() -> Tables:
    """Of the major version before the table's: what that has, and what was taken from it."""
    ours = tables()
    gone = json.loads((assets.schemas() / "terraform" / "aws-before.json").read_text(encoding="utf-8"))
    had = {name: {"block": _both(ours.kinds["resource"][name], one)} for name, one in gone[_KINDS["resource"]].items()}
    return Tables(ours.major - 1, {**ours.kinds, "resource": {**ours.kinds["resource"], **had}})


def _both(one: Schema, other: Schema) -> Schema:
    return {key: {**one["block"].get(key, {}), **other["block"].get(key, {})} for key in ("attributes", "block_types")}


def provided(module: Module) -> Tables | None:
    """What the AWS provider of a module has; None where it may be of a major version that we have no table of.

    A module of which nobody says the version may be for the one before, too, and so may one that several call."""
    major = _version()[0]
    found = plans(module, "aws")
    if found and all(leaves(one, major) for one in found):
        return tables()
    return _before() if all(leaves(one, major) or leaves(one, major - 1) for one in found) else None


def newer(module: Module) -> bool:
    """Whether a module asks for a later release of the provider than the table is of."""
    return demands(module, "aws") > _version()


def _version() -> tuple[int, ...]:
    return pins.version_key(pins.provider("aws").version)


def _merged(parts: list[dict[str, Schema]]) -> dict[str, Schema]:
    return {name: schema for part in parts for name, schema in part.items()}

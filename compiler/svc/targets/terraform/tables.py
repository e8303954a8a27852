"""The provider's schema: what a resource, data source or ephemeral resource accepts and exports.

`aws-schema.json` is derived from the provider's bindings and has the form of `terraform providers schema -json`, one type
a line; `aws-extra.json` adds, in the same form, what the bindings lack, and `aws-before.json` what the major version
before had.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
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
    changed: Mapping[str, Schema]
    """Resources that are not what the table of the newest major version says."""

    def schema(self, kind: str, type_: str) -> Schema | None:
        """`kind` is the block's: resource, data or ephemeral. None for a type that we do not know."""
        changed = self.changed.get(type_) if kind == "resource" else None
        return changed or _known(kind, type_)

    def exports(self, kind: str, type_: str, attribute: str) -> bool:
        schema = self.schema(kind, type_)
        return schema is None or attribute in schema.get("attributes", {}) or attribute in schema.get("block_types", {})


@cache
def tables() -> Tables:
    return Tables(_version()[0], {})


@cache
def _before() -> Tables:
    """Of the major version before the table's: what that has, and what was taken from it."""
    gone = json.loads(_file("aws-before.json"))[_KINDS["resource"]]
    had = {name: _both(_known("resource", name) or {}, one["block"]) for name, one in gone.items()}
    return Tables(_version()[0] - 1, had)


@lru_cache(maxsize=1024)
def _known(kind: str, type_: str) -> Schema | None:
    """One line of half a million characters: a module has a handful of the types."""
    section = _KINDS[kind]
    found = _extra().get(section, {}).get(type_)
    if found is None and type_.isidentifier():
        text = _file("aws-schema.json")
        start = text.find(f'"{section}":{{\n')
        name = f'\n"{type_}":'
        at = text.find(name, start, text.find("\n}", start)) if start >= 0 else -1
        found = json.loads(text[at + len(name) : text.index("\n", at + 1)].rstrip(",")) if at >= 0 else None
    return found["block"] if found else None


@cache
def _extra() -> Mapping[str, Any]:
    extra: dict[str, Any] = json.loads(_file("aws-extra.json"))
    return extra


@cache
def _file(name: str) -> str:
    return (assets.schemas() / "terraform" / name).read_text(encoding="utf-8")


def _both(one: Schema, other: Schema) -> Schema:
    return {key: {**one.get(key, {}), **other.get(key, {})} for key in ("attributes", "block_types")}


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

"""The provider's schema: what a resource, data source or ephemeral resource accepts and exports.

`aws-schema.json` is derived from the provider's bindings and has the form of `terraform providers schema -json`;
`aws-extra.json` adds, in the same form, what the bindings lack.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from svc import assets
from svc.records import dataclass

Schema = Mapping[str, Any]
"""A block of the schema: `attributes` and `block_types`."""

_KINDS = {"resource": "resource_schemas", "data": "data_source_schemas", "ephemeral": "ephemeral_resource_schemas"}


@dataclass(frozen=True, slots=True)
class Tables:
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
    return Tables({kind: _merged([file.get(key, {}) for file in files]) for kind, key in _KINDS.items()})


def _merged(parts: list[dict[str, Schema]]) -> dict[str, Schema]:
    return {name: schema for part in parts for name, schema in part.items()}

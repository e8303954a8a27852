"""A block against its schema: unknown and missing arguments, blocks written as attributes, values of another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.targets.terraform.tables import Schema
from svc.targets.terraform.types import Attribute, Block, Object, Value

_META = frozenset({"count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"})
_LISTS = ("list", "set", "tuple")


def check_arguments(block: Block, schema: Schema) -> Iterator[tuple[int, str]]:
    """Lines and messages. A `dynamic` block counts as the block that it makes."""
    yield from _body(block, schema, block.own_name, top=True)


def _body(block: Block, schema: Schema, where: str, top: bool = False) -> Iterator[tuple[int, str]]:
    attributes, nested = schema.get("attributes", {}), schema.get("block_types", {})
    present: dict[str, int] = {}
    for part in block.body:
        name = _name(part)
        present[name] = present.get(name, 0) + 1
        if top and name in _META:
            continue
        if isinstance(part, Attribute):
            yield from _attribute(part, attributes.get(name), name in nested, where)
        elif name in nested:
            yield from _contents(part, nested[name]["block"], f"{where}.{name}")
        else:
            wrong = "is an attribute, not a block" if name in attributes else "does not exist"
            yield part.line, f"{where}: {name!r} {wrong}"
    for name, attribute in attributes.items():
        if attribute.get("required") and name not in present:
            yield block.line, f"{where}: the required argument {name!r} is missing"
    for name, one in nested.items():
        if one.get("min_items", 0) > present.get(name, 0):
            yield block.line, f"{where}: the required block {name!r} is missing"
        if 0 < one.get("max_items", 0) < present.get(name, 0):
            yield block.line, f"{where}: {present[name]} blocks {name!r}, where {one['max_items']} may be"


def _name(part: Attribute | Block) -> str:
    if isinstance(part, Attribute):
        return part.name
    return part.labels[0] if part.type == "dynamic" and part.labels else part.type


def _contents(block: Block, schema: Schema, where: str) -> Iterator[tuple[int, str]]:
    for body in block.blocks("content") if block.type == "dynamic" else (block,):
        yield from _body(body, schema, where)


def _attribute(part: Attribute, found: dict[str, Any] | None, is_block: bool, where: str) -> Iterator[tuple[int, str]]:
    if found is None:
        wrong = "is a block, not an attribute" if is_block else "does not exist"
        yield part.line, f"{where}: {part.name!r} {wrong}"
    elif not (found.get("optional") or found.get("required")):
        yield part.line, f"{where}: {part.name!r} is set by the cloud"
    elif not _fits(part.value, found["type"]):
        yield part.line, f"{where}: {part.name!r} must be a {_shown(found['type'])}"


def _fits(value: Value, kind: Any) -> bool:
    """Whether a literal may stand there; Terraform converts between strings, numbers and booleans where it can."""
    if kind == "dynamic":
        return True
    match value:
        case bool():
            return kind in ("bool", "string")
        case int() | float():
            return kind in ("number", "string")
        case str():
            return (
                kind == "string"
                or (kind == "number" and value.isdigit())
                or (kind == "bool" and value in ("true", "false"))
            )
        case tuple():
            return isinstance(kind, list) and kind[0] in _LISTS and all(_fits(item, kind[1]) for item in value)
        case Object():
            return isinstance(kind, list) and kind[0] in ("map", "object")
        case _:
            return True


def _shown(kind: Any) -> str:
    if isinstance(kind, list):
        return f"{kind[0]} of {kind[1]}" if isinstance(kind[1], str) else str(kind[0])
    return str(kind)

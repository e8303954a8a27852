"""An argument whose literal value cannot become what the provider's argument is: a word for a number, a text for a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.terraform.tables import provided, tables
from svc.targets.terraform.types import Attribute, Block, Module, Object, Value, noted

_NUMBER = regex(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LISTS = {"list": "a list", "set": "a list", "map": "a mapping"}


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where the module is for a major version of the provider that our tables are not of."""
    blocks = [one for one in module.blocks() if one.type in ("resource", "data") and one.labels[:1]]
    ours = [one for one in blocks if one.labels[0].startswith("aws_") and _found(one)]
    if ours and provided(module) is not None:
        for block in ours:
            yield from _found(block)


@noted
def _found(block: Block) -> Sequence[Found]:
    schema = tables().schema(block.type, block.labels[0])
    return tuple(_body(block, schema, block.address)) if schema is not None else ()


def _body(block: Block, schema: Any, route: Route) -> Iterator[Found]:
    attributes, nested = schema.get("attributes", {}), schema.get("block_types", {})
    numbers: dict[str, int] = {}
    for part in block.body:
        if isinstance(part, Attribute):
            wanted = _wanted(attributes.get(part.name, {}).get("type"), part.value)
            if wanted:
                yield (*route, part.name), f"`{part.name}` is {wanted}, and {_shown(part.value)} is none"
        elif part.type in nested:
            index = numbers[part.type] = numbers.get(part.type, -1) + 1
            yield from _body(part, nested[part.type]["block"], (*route, part.type, index))


def _wanted(type_: Any, value: Value) -> str:
    """What the argument is, where the value can never become that; what is not known before a run may become anything."""
    if not isinstance(value, str | int | float | tuple | Object):
        return ""
    plain = isinstance(value, str | int | float)
    if isinstance(type_, list):
        wrong = plain or (isinstance(value, tuple) and type_[0] == "map")
        return _LISTS.get(str(type_[0]), "") if wrong else ""
    if type_ == "string":
        return "" if plain else "a text"
    if type_ == "number":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if fits or (isinstance(value, str) and _NUMBER.fullmatch(value)) else "a number"
    if type_ == "bool":
        return "" if isinstance(value, bool) or value in ("true", "false", "1", "0") else "true or false"
    return ""


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "a list" if isinstance(value, tuple) else "a mapping" if isinstance(value, Object) else f"`{value}`"

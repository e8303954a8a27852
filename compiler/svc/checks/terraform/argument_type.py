"""An argument whose literal value cannot become what the provider's argument is: a word for a number, a text for a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._arguments import Body, told
from svc.checks._params import NoParams as Params
from svc.checks._terraform import PLAIN, Found, becomes, literal
from svc.targets.terraform.types import Attribute, Module, Object, Value

_LISTS = {"list": "a list", "set": "a list", "map": "a mapping"}


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where the module is for a major version of the provider that our tables are not of."""
    return told(module, _found)


def _found(body: Body) -> Sequence[Found]:
    attributes = body.schema.get("attributes", {})
    return tuple(
        ((*body.route, part.name), f"`{part.name}` is {wanted}, and {literal(part.value)} is none")
        for part in body.block.body
        if isinstance(part, Attribute) and (wanted := _wanted(attributes.get(part.name, {}).get("type"), part.value))
    )


def _wanted(type_: Any, value: Value) -> str:
    """What the argument is, where the value can never become that; what is not known before a run may become anything."""
    if not isinstance(value, str | int | float | tuple | Object):
        return ""
    plain = isinstance(value, str | int | float)
    if isinstance(type_, list):
        wrong = (
            plain or (isinstance(value, tuple) and type_[0] == "map") or (isinstance(value, Object) and _lists(type_))
        )
        return _LISTS.get(str(type_[0]), "") if wrong else ""
    return PLAIN[type_] if type_ in PLAIN and not becomes(type_, value) else ""


def _lists(type_: list[Any]) -> bool:
    """Whether no mapping becomes a value of the type; one of a list of objects may be a block, as in JSON."""
    objects = isinstance(type_[1], list) and type_[1][0] == "object"
    return type_[0] in ("list", "set") and not objects and type_[1] != "dynamic"

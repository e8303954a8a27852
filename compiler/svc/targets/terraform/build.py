"""Short words for writing blocks in Python: dicts become bodies, `ex` makes expressions, `Nested` makes blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast

from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.terraform.read import read_value
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Object, Value
from svc.tree import At, bare

P = ParamSpec("P")
T = TypeVar("T")
_KEPT = 512
"""Sets of facts a function; a module has a few of each."""


def shared(make: Callable[P, T]) -> Callable[P, T]:
    """Blocks that are made of plain facts are made once, so that what is known of them (their text, their proofs, what
    policies say of them) is known for every service that has the same."""
    return cast("Callable[P, T]", lru_cache(_KEPT)(make))


@dataclass(frozen=True, slots=True)
class Nested:
    """A nested block; several of one type are a list of them."""

    body: Mapping[str, Any]
    labels: tuple[str, ...] = ()


def ex(text: str) -> Value:
    """An expression from its text, in the shape in which it would be read."""
    return read_value(text)


def template(text: str) -> Value:
    """A string in which `${...}` is meant: `template("${local.name}-logs")`; nothing but one is what stands in it."""
    alone = text.startswith("${") and text.find("}") == len(text) - 1
    return read_value(text[2:-1] if alone else f'"{text}"')


def jsonencode(value: Any) -> Call:
    return Call("jsonencode", (freeze(value),))


def freeze(value: Any) -> Value:
    if isinstance(value, At):
        return freeze(bare(value))
    if isinstance(value, Mapping):
        return Object(tuple((str(key), freeze(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    assert value is None or isinstance(value, (str, int, float, Expr, Call, Object)), value
    return value


def body(parts: Mapping[str, Any]) -> tuple[Attribute | Block, ...]:
    made: list[Attribute | Block] = []
    for name, wrapped in parts.items():
        origin, value = (wrapped.route, bare(wrapped)) if isinstance(wrapped, At) else (None, wrapped)
        several = value if isinstance(value, list) and value and isinstance(bare(value[0]), Nested) else [value]
        if not isinstance(bare(several[0]), Nested):
            made.append(Attribute(name, freeze(value), origin))
            continue
        for item in several:
            one, own = bare(item), item.route if isinstance(item, At) else origin
            made.append(Block(name, one.labels, body(one.body), origin=own))
    return tuple(made)


def resource(type_: str, name: str, parts: Mapping[str, Any], at: Route | None = None, comment: str = "") -> Block:
    return Block("resource", (type_, name), body(parts), comment, at)


def data(type_: str, name: str, parts: Mapping[str, Any], at: Route | None = None, comment: str = "") -> Block:
    return Block("data", (type_, name), body(parts), comment, at)


def output(name: str, description: str, value: Value, at: Route | None = None) -> Block:
    return Block("output", (name,), body({"description": description, "value": value}), origin=at)


def identifier(name: str) -> str:
    """A Terraform name from one of the spec's: tflint wants snake case."""
    return name.replace("-", "_").replace(".", "_")

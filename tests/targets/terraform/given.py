"""Everything that may be given to the variables of a module: by their types, by what is given today, and what people get wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.targets.terraform.types import Block, Call, Expr, Object, Value

TEXTS = (
    "",
    " ",
    "*",
    "a*",
    "?",
    "a b",
    "a\nb",
    "${x}",
    '"a"',
    "a,b",
    "a/b",
    "Other",
    "other",
    "-",
    "a" * 600,
    "0.0.0.0/0",
    "::/0",
    "all",
    "public-read",
    "HTTP",
    "TLSv1",
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:s3:::*",
    "arn:aws:iam::*:root",
    "111122223333",
)
"""Texts of the forms that values of a cloud have, and what opens a door where it gets into a rule."""
NUMBERS = (-1, 0, 1, 2, 6, 7, 35, 36, 1.5, 10**6)


def candidates(variable: Block, own: Any) -> Iterator[Any]:
    """`own`: what is given today, as data."""
    yield None
    yield from _of(_type(variable), own)


def given(value: Value) -> Any:
    """A literal as data."""
    match value:
        case tuple():
            return [given(one) for one in value]
        case Object():
            return {key: given(one) for key, one in value.items}
        case _:
            return value


def literal(data: Any) -> Value:
    """Data as a literal."""
    if isinstance(data, list):
        return tuple(literal(one) for one in data)
    if isinstance(data, Mapping):
        return Object(tuple((key, literal(one)) for key, one in data.items()))
    if isinstance(data, str) and "${" in data:
        return Expr('"' + data.replace('"', '\\"').replace("${", "$${") + '"')
    found: Value = data
    return found


def _type(variable: Block) -> Value:
    return variable.get("type")


def _of(type_: Value, own: Any) -> Iterator[Any]:
    match type_:
        case Expr("bool"):
            yield from (True, False, "true", "yes", 1)
        case Expr("number"):
            yield from NUMBERS
            if isinstance(own, int):
                yield from (own + 1, own * 10)
        case Expr("string"):
            yield from TEXTS
            if isinstance(own, str):
                yield from (f"{own}*", f"*{own}", f"{own}\n", f"{own}/*", f"{own},*", own.upper(), own[:-1])
                yield from (part for part in _starred(own))
        case Call("set" | "list", (inner,)):
            one = own[0] if own else None
            yield []
            for each in _of(inner, one):
                yield [each]
                if own:
                    yield [*own, each]
        case Call("map", (inner,)):
            yield {}
            for each in _of(inner, next(iter(own.values()), None) if own else None):
                yield {**(own or {}), "x": each}
            yield from ({key: value} for key in ("*", "", "a b") for value in list((own or {}).values())[:1])
        case Call("object", (Object() as fields,)):
            whole = own or {key: "a" for key, _ in fields.items}
            yield {}
            for key, inner in fields.items:
                for each in _of(inner, whole.get(key)):
                    yield {**whole, key: each}
        case _:
            raise AssertionError(f"no values are known for the type {type_}")


def _starred(text: str) -> Iterator[str]:
    """An ARN with a star in the place of each of its parts."""
    parts = text.split(":")
    if len(parts) > 2:
        for at in range(len(parts)):
            yield ":".join([*parts[:at], "*", *parts[at + 1 :]])

"""The expressions of a module as text: what refers to what, and how it is written."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Route
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Module, Object, Value


def expressions(module: Module) -> Iterator[tuple[Block, Route, str]]:
    """Every expression with the top-level block it stands in and the route of its attribute."""
    for block in module.blocks():
        for route, text in _in_block(block, block.address):
            yield block, route, text


def _in_block(block: Block, route: Route) -> Iterator[tuple[Route, str]]:
    counts: dict[str, int] = {}
    for part in block.body:
        if isinstance(part, Attribute):
            for text in texts(part.value):
                yield (*route, part.name), text
        else:
            index = counts.get(part.type, 0)
            counts[part.type] = index + 1
            yield from _in_block(part, (*route, part.type, index))


def texts(value: Value) -> Iterator[str]:
    """The expressions in a value, keys of objects included."""
    if isinstance(value, Expr):
        yield value.text
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, Call):
        for item in value.args:
            yield from texts(item)
    elif isinstance(value, Object):
        for key, item in value.items:
            yield key
            yield from texts(item)

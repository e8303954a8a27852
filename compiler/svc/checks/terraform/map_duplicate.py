"""A map that has a key twice: the last one counts, and the first is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.types import Attribute, Block, Call, Module, Object, Value

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        yield from _in_block(block, block.address)


def _in_block(block: Block, route: Route) -> Iterator[Found]:
    counts: dict[str, int] = {}
    for part in block.body:
        if isinstance(part, Attribute):
            own = [key for key, _ in part.value.items] if isinstance(part.value, Object) else []
            for key in _twice(part.value):
                at = len(own) - 1 - own[::-1].index(key) if own.count(key) > 1 else None
                said = (*route, part.name), f"the map has `{key}` twice"
                yield said if at is None else (*said, (at, at + 1))
        else:
            index = counts.get(part.type, 0)
            counts[part.type] = index + 1
            yield from _in_block(part, (*route, part.type, index))


def _twice(value: Value) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _twice(item)
    elif isinstance(value, Call):
        yield from _twice(value.args)
    elif isinstance(value, Object):
        keys = [key for key, _ in value.items if not key.startswith("(")]
        yield from sorted({key for key in keys if keys.count(key) > 1})
        for _, item in value.items:
            yield from _twice(item)

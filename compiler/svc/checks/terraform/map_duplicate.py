"""A map that has a key twice: the last one counts, and the first is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.references import attributes, inside
from svc.targets.terraform.types import Module, Object, Value

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        for _within, part, route in attributes(block, block.address):
            own = [key for key, _ in part.value.items] if isinstance(part.value, Object) else []
            for key in _twice(part.value):
                at = len(own) - 1 - own[::-1].index(key) if own.count(key) > 1 else None
                said = route, f"the map has `{key}` twice"
                yield said if at is None else (*said, (at, at + 1))


def _twice(value: Value) -> Iterator[str]:
    for one in inside(value):
        if isinstance(one, Object):
            keys = [key for key, _ in one.items if not key.startswith("(")]
            yield from sorted({key for key in keys if keys.count(key) > 1})

"""A variable whose type is none, or whose default cannot become what its type says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from svc.checks._terraform import Found
from svc.checks._variable_types import no_type, unfit
from svc.records import dataclass
from svc.targets.terraform.references import inside, looped, within
from svc.targets.terraform.types import Block, Call, Expr, Module, Value

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    kind: Literal["default", "type"] = "default"


def about(_: Params) -> Iterable[str]:
    return ("variable",)


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in module.blocks("variable"):
        if block.labels:
            yield from _type(block) if params.kind == "type" else _default(block)


def _type(block: Block) -> Iterator[Found]:
    type_ = block.get("type")
    if type_ is not None and (wrong := no_type(type_, whole=True)):
        yield (*block.address, "type"), f"the type of variable `{block.labels[0]}` is none: {wrong}"


def _default(block: Block) -> Iterator[Found]:
    type_, value = block.get("type"), block.get("default")
    route, name = (*block.address, "default"), block.labels[0]
    if wrong := next(_worked_out(value), ""):
        yield route, f"the default of variable `{name}` has {wrong}: it is a plain value"
    elif "default" not in block.attributes or type_ is None or no_type(type_, whole=True):
        return
    elif value is None:
        if block.get("nullable") is False:
            yield route, f"the default of variable `{name}` is null, and it is `nullable = false`"
    elif wrong := next(unfit(type_, value, "the default"), ""):
        yield route, f"variable `{name}`: {wrong}"


def _worked_out(value: Value) -> Iterator[str]:
    """What of a value would have to be worked out."""
    for one in inside(value):
        match one:
            case Call():
                yield f"`{one.name}()`"
            case Expr():
                given = looped(one.text)
                yield from (f"`{name[0]}.{name[1]}`" for name in within(one.text) if name[0] not in given)

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
        type_ = block.get("type")
        if params.kind == "default" and block.labels and (wrong := next(_worked_out(block.get("default")), "")):
            yield (
                (*block.address, "default"),
                f"the default of variable `{block.labels[0]}` has {wrong}: it is a plain value",
            )
            continue
        if not block.labels or type_ is None:
            continue
        if params.kind == "type":
            if wrong := no_type(type_, whole=True):
                yield (*block.address, "type"), f"the type of variable `{block.labels[0]}` is none: {wrong}"
        elif not no_type(type_, whole=True):
            yield from _default(block, type_)


def _worked_out(value: Value) -> Iterator[str]:
    """What of a value would have to be worked out."""
    for one in inside(value):
        match one:
            case Call():
                yield f"`{one.name}()`"
            case Expr():
                given = looped(one.text)
                yield from (f"`{name[0]}.{name[1]}`" for name in within(one.text) if name[0] not in given)


def _default(block: Block, type_: Value) -> Iterator[Found]:
    if "default" not in block.attributes:
        return
    value, route, name = block.get("default"), (*block.address, "default"), block.labels[0]
    if value is None:
        if block.get("nullable") is False:
            yield route, f"the default of variable `{name}` is null, and it is `nullable = false`"
    elif wrong := next(unfit(type_, value, "the default"), ""):
        yield route, f"variable `{name}`: {wrong}"

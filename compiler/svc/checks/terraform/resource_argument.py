"""An argument of a resource is missing, or has a literal value that is not allowed.

`arguments` are dotted paths by resource type (`a.b` is argument `b` of nested block `a`), with commas between. An
argument is fine when it has one of `allowed` or, with `allowed` empty, when it is set, none of `forbidden` and, as a
number, from `minimum` to `maximum`. Without `required`, a missing one is fine. Expressions are fine: what they become is not known here.
Resources with one of `unless` set (`path`, or `path=value`, where `*` stands for anything, with commas between) are
left alone, and with `when` all that have none of its values. In each nested block of its path the argument is judged;
with `any` one of them suffices, and with `within` none needs to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._terraform import Found, at, places, resources, title
from svc.diagnostics import Route
from svc.patterns import like
from svc.records import dataclass, field
from svc.targets.terraform.types import Block, Call, Expr, Module, Value

APART = True

EMPTY: tuple[Value, ...] = ("", ())
"""What is written like a value and is none."""


@dataclass(frozen=True, slots=True)
class Params:
    arguments: dict[str, str] = field(default_factory=dict)
    allowed: tuple[object, ...] = ()
    forbidden: tuple[object, ...] = ()
    required: bool = True
    unless: str = ""
    minimum: int = 0
    maximum: int = 0
    when: str = ""
    within: bool = False
    any: bool = False


def about(params: Params) -> Iterable[str]:
    return params.arguments


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, *params.arguments):
        if (params.unless and _excused(block, params.unless)) or (params.when and not _is(block, params.when)):
            continue
        for argument in str(params.arguments[block.labels[0]]).split(","):
            yield from _faults(block, argument.strip(), params)


def _faults(block: Block, argument: str, params: Params) -> Iterator[Found]:
    faults = [_fault(block, argument, route, value, params) for route, value in _judged(block, argument, params)]
    if not params.any or all(faults):
        yield from (one for one in faults if one is not None)


def _judged(block: Block, argument: str, params: Params) -> Iterator[tuple[Route, Value]]:
    """The places of the argument; with `within` only those whose nested block is there."""
    path = tuple(argument.split("."))
    for route, value in places(block, path):
        depth = sum(isinstance(one, str) for one in route[len(block.address) :])
        if value is not None or not params.within or depth >= len(path) - 1:
            yield route, value


def _fault(block: Block, argument: str, route: Route, value: Value, params: Params) -> Found | None:
    if value is None or (value in EMPTY and not params.allowed):
        empty = "does not set" if value is None else "has nothing in"
        return (route, f"`{title(block)}` {empty} `{argument}`") if params.required else None
    if isinstance(value, Expr | Call) or _fits(value, params):
        return None
    return route, f"`{argument}` of `{title(block)}` is {_shown(value)}"


def _excused(block: Block, unless: str) -> bool:
    """Whether one of the arguments is set: `path`, or `path=value` for that value, which an expression may become."""
    for one in unless.split(","):
        path, _, wanted = one.strip().partition("=")
        value = at(block, tuple(path.split(".")))[1]
        if value is not None and value not in EMPTY and (_unknown(value) or like(_text(value), wanted or "*")):
            return True
    return False


def _unknown(value: Value) -> bool:
    return isinstance(value, Expr | Call)


def _is(block: Block, when: str) -> bool:
    """Whether one of the arguments is known to have its value."""
    for one in when.split(","):
        path, _, wanted = one.strip().partition("=")
        value = at(block, tuple(path.split(".")))[1]
        if value is not None and not _unknown(value) and like(_text(value), wanted or "*"):
            return True
    return False


def _fits(value: Value, params: Params) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    if any(_alike(one, params.forbidden) for one in values):
        return False
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    if any(one < params.minimum for one in numbers):
        return False
    if any(params.maximum and one > params.maximum for one in numbers):
        return False
    return not params.allowed or all(isinstance(one, Expr) or _alike(one, params.allowed) for one in values)


def _alike(value: Value, among: tuple[object, ...]) -> bool:
    """Equal, where `true` and `"true"` are, as Terraform converts them, but 1 and true are not."""
    text = _text(value)
    return any(text == _text(one) for one in among)


def _shown(value: Value) -> str:
    return f"`{_text(value)}`"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

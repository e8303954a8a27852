"""An argument of a resource is missing, or has a literal value that is not allowed.

`arguments` are dotted paths by resource type (`a.b` is argument `b` of nested block `a`). An argument is fine when it
has one of `allowed` or, with `allowed` empty, when it is set, none of `forbidden` and, as a number, from `minimum` to
`maximum`. Without `required`, a missing one is
fine. Expressions are fine: what they become is not known here. Resources with `unless` set
(`path`, or `path=value`) are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._terraform import Found, at, resources, title
from svc.records import dataclass, field
from svc.targets.terraform.types import Block, Call, Expr, Module, Value


@dataclass(frozen=True, slots=True)
class Params:
    arguments: dict[str, str] = field(default_factory=dict)
    allowed: tuple[object, ...] = ()
    forbidden: tuple[object, ...] = ()
    required: bool = True
    unless: str = ""
    minimum: int = 0
    maximum: int = 0


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, *params.arguments):
        if params.unless and _excused(block, params.unless):
            continue
        argument = str(params.arguments[block.labels[0]])
        route, value = at(block, tuple(argument.split(".")))
        if value is None:
            if params.required:
                yield route, f"`{title(block)}` does not set `{argument}`"
        elif isinstance(value, Expr | Call):
            continue
        elif not _fits(value, params):
            yield route, f"`{argument}` of `{title(block)}` is {_shown(value)}"


def _excused(block: Block, unless: str) -> bool:
    """Whether the argument `unless` is set: `path`, or `path=value` for that value, which an expression may become."""
    path, _, wanted = unless.partition("=")
    value = at(block, tuple(path.split(".")))[1]
    return value is not None and (not wanted or isinstance(value, Expr | Call) or str(value) == wanted)


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
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return any(text == (str(one).lower() if isinstance(one, bool) else str(one)) for one in among)


def _shown(value: Value) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"

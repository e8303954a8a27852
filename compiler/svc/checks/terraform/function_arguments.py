"""A call of a function of Terraform with too few or too many arguments, or with one of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._functions import FORMS, SIGNATURES, calling
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, becomes, literal
from svc.patterns import regex
from svc.targets.terraform.read import read_value
from svc.targets.terraform.references import TRIED, code, inside
from svc.targets.terraform.scan import TerraformError, balanced_end, split_top
from svc.targets.terraform.types import Call, Expr, Module, Object, Value

APART = True
_CALL = regex(r"(?<![\w.:-])([a-z][a-z0-9]*)\(")


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, value in calling(module):
        for name, args in _calls(value):
            if name in SIGNATURES and (wrong := _wrong(name, SIGNATURES[name], args)):
                yield (*route, f"{name}()"), wrong


def _calls(value: Value) -> Iterator[tuple[str, Sequence[Value]]]:
    """All calls in a value, but for what `try` and `can` are given, and those that a list as the arguments fills."""
    for one in inside(value, TRIED):
        match one:
            case Expr():
                yield from _in_text(one.text)
            case Call():
                yield one.name, one.args


def _in_text(text: str) -> Iterator[tuple[str, Sequence[Value]]]:
    if "(" not in text or any(f"{one}(" in text for one in TRIED):
        return
    try:
        for found in _CALL.finditer(code(text)):
            inner = text[found.end() : balanced_end(text, found.end() - 1) - 1]
            parts = split_top(inner, ",")
            if not any(part.endswith("...") for part in parts):
                yield found[1], tuple(map(read_value, parts))
    except TerraformError:
        return


def _wrong(name: str, takes: str, args: Sequence[Value]) -> str:
    least = len(takes.rstrip("*")) - takes.endswith("*")
    most = len(args) if takes.endswith("*") else least
    if not least <= len(args) <= most:
        return f"`{name}` takes {_count(least, takes.endswith('*'))}, and is given {len(args)}"
    kinds = takes.rstrip("*")
    for number, value in enumerate(args):
        kind = kinds[min(number, len(kinds) - 1)]
        if not _fits(kind, value):
            return f"argument {number + 1} of `{name}` is {literal(value)}, and has to be {FORMS[kind]}"
    return ""


def _fits(kind: str, value: Value) -> bool:
    match value:
        case str():
            return kind in "sd" or (kind == "n" and becomes("number", value.strip()))
        case bool():
            return kind in "sd"
        case int() | float():
            return kind in "snd"
        case tuple():
            return kind in "ld"
        case Object():
            return kind in "md"
        case _:
            return True


def _count(least: int, more: bool) -> str:
    shown = "no arguments" if not least and not more else f"{least} argument{'' if least == 1 else 's'}"
    return f"{shown} or more" if more else shown

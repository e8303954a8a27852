"""A call of a function of Terraform with too few or too many arguments, or with one of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._functions import FORMS, SIGNATURES
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.targets.terraform.read import read_value
from svc.targets.terraform.references import TRIED, attributes, code
from svc.targets.terraform.scan import TerraformError, balanced_end, split_top
from svc.targets.terraform.types import Call, Expr, Module, Object, Value

APART = True
_CALL = regex(r"(?<![\w.:-])([a-z][a-z0-9]*)\(")
_TYPED = ("variable", "output")
"""Their types look like calls."""
_NUMBER = regex(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        for owner, part, route in attributes(block, block.address):
            if part.name == "type" and owner.type in _TYPED:
                continue
            for name, args in _calls(part.value):
                if name in SIGNATURES and (wrong := _wrong(name, SIGNATURES[name], args)):
                    yield (*route, f"{name}()"), wrong


def _calls(value: Value) -> Iterator[tuple[str, Sequence[Value]]]:
    """All calls in a value, but for what `try` and `can` are given, and those that a list as the arguments fills."""
    match value:
        case Expr():
            yield from _in_text(value.text)
        case Call():
            yield value.name, value.args
            for item in value.args if value.name not in TRIED else ():
                yield from _calls(item)
        case tuple():
            for item in value:
                yield from _calls(item)
        case Object():
            for _, item in value.items:
                yield from _calls(item)
        case _:
            return


def _in_text(text: str) -> Iterator[tuple[str, Sequence[Value]]]:
    if "(" not in text:
        return
    try:
        for found in () if _tries(text) else _CALL.finditer(code(text)):
            inner = text[found.end() : balanced_end(text, found.end() - 1) - 1]
            parts = split_top(inner, ",")
            if not any(part.endswith("...") for part in parts):
                yield found[1], tuple(map(read_value, parts))
    except TerraformError:
        return


def _tries(text: str) -> bool:
    return any(f"{one}(" in text for one in TRIED)


def _wrong(name: str, takes: str, args: Sequence[Value]) -> str:
    least = len(takes.rstrip("*")) - takes.endswith("*")
    most = len(args) if takes.endswith("*") else least
    if not least <= len(args) <= most:
        return f"`{name}` takes {_count(least, takes.endswith('*'))}, and is given {len(args)}"
    kinds = takes.rstrip("*")
    for number, value in enumerate(args):
        kind = kinds[min(number, len(kinds) - 1)]
        if not _fits(kind, value):
            return f"argument {number + 1} of `{name}` is {_shown(value)}, and has to be {FORMS[kind]}"
    return ""


def _fits(kind: str, value: Value) -> bool:
    match value:
        case str():
            return kind in "sd" or (kind == "n" and _NUMBER.fullmatch(value) is not None)
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


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "a list" if isinstance(value, tuple) else "a mapping" if isinstance(value, Object) else f"`{value}`"


def _count(least: int, more: bool) -> str:
    shown = "no arguments" if not least and not more else f"{least} argument{'' if least == 1 else 's'}"
    return f"{shown} or more" if more else shown

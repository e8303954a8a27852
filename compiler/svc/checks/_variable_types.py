"""Types of Terraform's variables, and which values become them.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._terraform import PLAIN, becomes, literal
from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.terraform.types import Call, Expr, Object, Value

_WORD = regex(r"[A-Za-z_][\w-]*")
_OF_ONE = {"list": "a list", "set": "a list", "map": "a mapping"}
_SHOWN = {**PLAIN, **_OF_ONE, "object": "a mapping", "tuple": "a list"}
_TYPES = frozenset({*_SHOWN, "any"})
_ALONE = frozenset({"list", "map"})
"""Types of collections that need not say of what, as the type of a whole variable."""


def unfit(type_: Value, value: Value, where: str) -> Iterator[str]:
    """What of a value cannot become what a type says. Of expressions nothing is known."""
    name, args = _parts(type_)
    if value is None or name == "any" or not isinstance(value, str | int | float | tuple | Object):
        return
    if name == "optional":
        yield from unfit(args[0], value, where)
    elif name in PLAIN:
        if not becomes(name, value):
            yield f"{where} is {literal(value)}, and its type {PLAIN[name]}"
    elif isinstance(value, Object):
        yield from _unfit_mapping(name, args, value, where)
    elif not isinstance(value, tuple) or name in ("map", "object"):
        yield f"{where} is {literal(value)}, and its type {_SHOWN[name]}"
    elif name != "tuple":
        for number, item in enumerate(value if args else ()):
            yield from unfit(args[0], item, f"{where}[{number}]")
    elif args and isinstance(args[0], tuple):
        if len(args[0]) != len(value):
            yield f"{where} has {len(value)} items, and its type {len(args[0])}"
        for number, (one, item) in enumerate(zip(args[0], value, strict=False)):
            yield from unfit(one, item, f"{where}[{number}]")


def _unfit_mapping(name: str, args: tuple[Value, ...], value: Object, where: str) -> Iterator[str]:
    if name not in ("map", "object"):
        yield f"{where} is a mapping, and its type {_SHOWN[name]}"
    elif name == "map":
        for key, item in value.items if args else ():
            yield from unfit(args[0], item, f"{where}.{key}")
    elif args and isinstance(args[0], Object):
        given = dict(value.items)
        for key, one in args[0].items:
            if key in given:
                yield from unfit(one, given[key], f"{where}.{key}")
            elif _parts(one)[0] != "optional" and not any(other.startswith("(") for other in given):
                yield f"{where} lacks `{key}` ({_SHOWN.get(_parts(one)[0], 'anything')})"


def _parts(type_: Value) -> tuple[str, tuple[Value, ...]]:
    if isinstance(type_, Call):
        return type_.name, type_.args
    return (type_.text if isinstance(type_, Expr) else "any"), ()


def no_type(type_: Value, whole: bool = False) -> str:
    """What is wrong with what stands for a type; empty where nothing is."""
    if isinstance(type_, str):
        return f"write `{type_}` without quotes"
    name, args = _parts(type_)
    if isinstance(type_, Expr):
        if name in PLAIN or name == "any" or (whole and name in _ALONE):
            return ""
        if not _WORD.fullmatch(name):
            return "it is no name of one, and no call such as `list(string)`"
        return f"write `{_form(name)}`" if name in _TYPES else f"there is no `{name}`{nearest(name, _TYPES)}"
    if not isinstance(type_, Call):
        return f"{literal(type_)} is no type; write `object({{ ... }})` or `list(...)`"
    if name in _OF_ONE:
        return no_type(args[0]) if len(args) == 1 else f"write `{_form(name)}`"
    if name == "tuple" and len(args) == 1 and isinstance(args[0], tuple):
        return next(filter(None, map(no_type, args[0])), "")
    if name == "object" and len(args) == 1 and isinstance(args[0], Object):
        return next(filter(None, (_no_attribute(one) for _, one in args[0].items)), "")
    if name == "optional":
        return "`optional` stands in `object({ ... })` alone"
    return f"write `{_form(name)}`" if name in _TYPES else f"there is no `{name}()`{nearest(name, _TYPES)}"


def _no_attribute(type_: Value) -> str:
    name, args = _parts(type_)
    if name != "optional":
        return no_type(type_)
    if len(args) not in (1, 2):
        return 'write `optional(string)` or `optional(string, "default")`'
    return no_type(args[0]) or (next(unfit(args[0], args[1], "what `optional` says"), "") if len(args) > 1 else "")


def _form(name: str) -> str:
    forms = {"object": "object({ name = string })", "tuple": "tuple([string])"}
    return forms.get(name, f"{name}(string)" if name in _OF_ONE else name)

"""The functions of Go and Sprig with which a chart's checks are written, for the reader of templates."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any


class TemplateError(ValueError):
    """A template that this reader does not understand."""


class Failed(TemplateError):
    """The template says itself that the values cannot be: `fail`."""


def _fail(message: str) -> None:
    raise Failed(message)


def _float64(value: Any) -> float:
    """Of a text that is no number: 0, as Sprig says."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return 0.0
    return found if math.isfinite(found) else 0.0


def _mulf(one: Any, *others: Any) -> float:
    """Decimal until the end, as Sprig counts: 100 * 0.001 is 0.1."""
    made = Decimal(repr(_float64(one)))
    for other in others:
        made *= Decimal(repr(_float64(other)))
    return float(made)


def _subf(one: Any, other: Any) -> float:
    return float(Decimal(repr(_float64(one))) - Decimal(repr(_float64(other))))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateError(f"{value!r} is compared as a number")
    return value


def _equal(one: Any, other: Any) -> bool:
    """Texts or numbers; Go compares nothing with anything else."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return _number(one) == _number(other)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[0] if found else ""


def _set(values: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if not isinstance(key, str):
        raise TemplateError(f"{key!r} is no key")
    values[key] = value
    return values


def _kind(name: str, value: Any) -> bool:
    kinds: Mapping[str, type | tuple[type, ...]] = {"string": str, "map": dict, "slice": list, "bool": bool}
    if name not in kinds:
        raise TemplateError(f"nothing here is known of the kind {name}")
    return isinstance(value, kinds[name])


FUNCTIONS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "fail": lambda _, args: _fail(*args),
    "and": lambda _, args: next((one for one in args if not one), args[-1]),
    "eq": lambda _, args: _equal(*args),
    "gt": lambda _, args: _number(args[0]) > _number(args[1]),
    "ge": lambda _, args: _number(args[0]) >= _number(args[1]),
    "get": lambda _, args: args[0].get(args[1], ""),
    "set": lambda _, args: _set(*args),
    "kindIs": lambda _, args: _kind(*args),
    "float64": lambda _, args: _float64(*args),
    "len": lambda _, args: len(args[0]),
    "sub": lambda _, args: _number(args[0]) - _number(args[1]),
    "repeat": lambda _, args: args[1] * args[0],
    "contains": lambda _, args: args[0] in args[1],
    "hasPrefix": lambda _, args: args[1].startswith(args[0]),
    "splitList": lambda _, args: args[1].split(args[0]),
    "regexFindAll": lambda _, args: [one[0] for one in re.finditer(args[0], args[1])],
    "mulf": lambda _, args: _mulf(*args),
    "subf": lambda _, args: _subf(*args),
    "regexFind": lambda _, args: _found(*args),
    "regexReplaceAll": lambda _, args: re.sub(args[0], lambda _: args[2], args[1]),
}
"""With the engine and the arguments, as all functions of the reader."""

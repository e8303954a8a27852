"""Pieces of CEL. A piece that may be missing is reached by optional selection, so that no expression ever fails."""

from __future__ import annotations

import json
from collections.abc import Iterable

from svc.patterns import regex

_IDENTIFIER = regex(r"[A-Za-z_][A-Za-z0-9_]*")


def text(value: str) -> str:
    """A string literal."""
    return json.dumps(value, ensure_ascii=False)


def texts(values: Iterable[object]) -> str:
    """A list of string literals."""
    return "[" + ", ".join(text(str(value)) for value in values) + "]"


def at(base: str, *keys: str) -> str:
    """What is at `keys`, as an optional."""
    return base + "".join(f".?{key}" if _IDENTIFIER.fullmatch(key) else f"[?{text(key)}]" for key in keys)


def value(base: str, *keys: str, default: str = '""') -> str:
    return f"{at(base, *keys)}.orValue({default})"


def items(base: str, *keys: str) -> str:
    """The list at `keys`; empty when there is none. The API has null for some lists that are empty."""
    return f"optional.ofNonZeroValue({value(base, *keys, default='null')}).orValue([])"


def has(base: str, *keys: str) -> str:
    return f"{at(base, *keys)}.hasValue()"


def is_true(base: str, *keys: str) -> str:
    return f"{value(base, *keys, default='false')} == true"


def is_false(base: str, *keys: str) -> str:
    return f"{value(base, *keys, default='true')} == false"


def among(what: str, values: Iterable[object]) -> str:
    """Whether a string is one of several."""
    return f"{what} in {texts(values)}"


def each(over: str, name: str, wrong: str, *message: str) -> str:
    """One fault for every item of a list that is wrong. The message's parts are CEL strings."""
    return f"{over}.filter({name}, {wrong}).map({name}, {' + '.join(message)})"


def within(over: str, name: str, inner: str) -> str:
    """The faults of lists inside the items of a list."""
    return f'{over}.map({name}, {inner}).filter(found, size(found) > 0).map(found, found.join("; "))'


def when(condition: str, *message: str) -> str:
    """One fault of the object itself."""
    return f"({condition}) ? [{' + '.join(message)}] : []"


def unless(condition: str, faults: str) -> str:
    return f"({condition}) ? [] : {faults}"


def both(*faults: str) -> str:
    return " + ".join(f"({one})" for one in faults)


CONTAINER = f'"container `" + {value("c", "name")} + "`"'
HOLDER = f'({has("c", "name")} ? {CONTAINER} : "the pod")'
"""Whose security context it is: a container's, or the pod's, which has no name."""

"""Strategies from the types of artifacts: each field by its annotation, unless it has a rule of its own.

A rule is keyed by (class, field), by a class or by the name of a type that holds itself; what equality leaves out (origins, lines, spans) keeps its default.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from svc.records import MISSING, fields, is_dataclass

Rules = Mapping[Any, st.SearchStrategy[Any]]

WORDS = (
    "${a}",
    "%{if a}",
    "$${",
    "{{ . }}",
    "${{ a }}",
    "$(a)",
    "on",
    "NO",
    "~",
    "1e3",
    "12:30",
    "0x1F",
    "2026-11-28",
    "<<",
    "---",
)
"""What some reader takes for something else than text."""
CHARS = "{}$`\"'\\#:-|>\n a%&*!@=\t"
texts = st.text(max_size=12) | st.lists(st.sampled_from((*CHARS, *WORDS)), max_size=6).map("".join)
identifiers = st.from_regex(r"[a-z][a-z0-9_]{0,7}", fullmatch=True)
numbers = st.integers(-(10**20), 10**20)
decimals = st.decimals(-(10**6), 10**6, places=2).map(float)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: numbers,
    float: decimals,
    bool: st.booleans(),
    type(None): st.none(),
}


def of(kind: Any, rules: Rules) -> st.SearchStrategy[Any]:
    """Values of a type."""
    kind = getattr(kind, "__forward_arg__", kind)
    if kind in rules:
        return rules[kind]
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([of(one, rules) for one in inner])
    if origin is tuple and inner[-1:] == (...,):
        return st.lists(of(inner[0], rules), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(of(one, rules) for one in inner))
    if origin in (dict, Mapping):
        return st.dictionaries(of(inner[0], rules), of(inner[1], rules), max_size=3)
    if is_dataclass(kind):
        return st.deferred(lambda: record(kind, rules))
    raise TypeError(f"no strategy for {kind}")


def record(kind: Any, rules: Rules) -> st.SearchStrategy[Any]:
    """Objects of a dataclass."""
    hints = get_type_hints(kind, include_extras=False, globalns=_names(kind))
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for one in fields(kind):
        if not one.init:
            continue
        if (kind, one.name) in rules:
            parts[one.name] = rules[(kind, one.name)]
        elif one.compare:
            parts[one.name] = of(hints[one.name], rules)
        else:
            assert one.default is not MISSING or one.default_factory is not MISSING
    return st.builds(kind, **parts)


def _names(kind: Any) -> dict[str, Any]:
    """Of the module and of typing: some names stand there for type checkers alone."""
    import sys

    return {**vars(typing), **vars(sys.modules[kind.__module__])}


def reachable(kind: Any, seen: set[Any] | None = None) -> set[Any]:
    """Every dataclass that an artifact may hold in what equality compares."""
    found: set[Any] = set() if seen is None else seen
    if is_dataclass(kind) and kind not in found:
        found.add(kind)
        hints = get_type_hints(kind, globalns=_names(kind))
        for one in fields(kind):
            if one.init and one.compare:
                reachable(hints[one.name], found)
    for inner in get_args(kind):
        reachable(inner, found)
    return found


def met(value: Any, seen: set[Any]) -> None:
    """Notes the classes of what an artifact holds."""
    if is_dataclass(value):
        seen.add(type(value))
        for one in fields(value):
            met(getattr(value, one.name), seen)
    elif isinstance(value, Mapping):
        for item in value.values():
            met(item, seen)
    elif isinstance(value, tuple | list):
        for item in value:
            met(item, seen)

"""What stands in data for `emit` besides data: text printed as it is, and typed holes which a template engine fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from svc.records import dataclass

Lines = Sequence[str] | Callable[[int], Sequence[str]]
"""Verbatim lines, or a function of the column at which they will stand (for `nindent N`)."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A scalar printed as it is: `Raw("{{ .Values.port }}")`."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A value that is lines of template text, one level below its key: `{{- toYaml .Values.x | nindent 8 }}`."""

    lines: Lines


@dataclass(frozen=True, slots=True)
class Splice:
    """Lines of template text in the place of a list item or mapping entry; its key is not printed."""

    lines: Lines


@dataclass(frozen=True, slots=True)
class Guarded:
    """An entry, item or document between two directives at its own indent: `{{- if ... }}` and `{{- end }}`."""

    open: str
    value: Any
    close: str


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of a mapping or items of a list in the place of one of them; within `Guarded`, several at once."""

    value: Any


HOLES = frozenset({Guarded, Splice, Group})
"""What stands in the place of an entry."""


_SCALARS = frozenset({str, int, bool, float, Raw, type(None)})
_COLLECTIONS = (Mapping, list, tuple)


def nested(value: Any) -> bool:
    """Whether a value needs lines of its own."""
    kind = type(value)
    if kind is dict or kind is list:
        return len(value) > 0
    return kind not in _SCALARS and isinstance(value, _COLLECTIONS) and len(value) > 0


def begins_inline(value: Any) -> bool:
    """Whether the first entry can stand on the line of a dash: a directive cannot."""
    first = next(iter(value.values() if type(value) is dict or isinstance(value, Mapping) else value))
    return type(first) not in HOLES

"""What a stage says about the user's files: routes first, positions last.

A stage never knows lines. It reports a `Problem` at a route of what it was given; `Diagnostic` is the placed form,
built when the report is made. Two kinds of failure only: a diagnostic (the user's file is at fault) and an
exception (a bug of ours, or the machine).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal

from svc.records import dataclass

Route = tuple[str | int, ...]
"""Path of keys and indexes from the root of a document or artifact: `("ports", "http")`."""

Anchor = Literal["key", "value"]
"""Which half of a mapping entry a problem is about."""


Within = tuple[int, int]
"""A part of the text at a route: from this character of it, up to that one."""


class Severity(IntEnum):
    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: lines and columns count from 1, the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a stage's input, at a route of that input."""

    id: str
    route: Route
    message: str
    help: str = ""
    anchor: Anchor = "value"
    severity: Severity = Severity.ERROR
    related: tuple[tuple[str, Route], ...] = ()
    environment: str = ""
    """The environment whose value it is about, when that is one."""
    within: Within | None = None
    words: str = ""
    """The words of the text at the route that it is about, for who knows no number: values were filled into it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a file, the stretch of it if known, and the route within it.

    `outer`: for a part of a text, what is underlined for the whole of it.
    """

    file: str
    span: Span | None = None
    route: Route = ()
    outer: Span | None = None


@dataclass(frozen=True, slots=True)
class Related:
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class Waived:
    """Why a finding does not count: who said so, until when (ISO date), and whether in a comment beside it."""

    reason: str
    until: str = ""
    owner: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is put in the place of a stretch of the finding's file; an empty stretch inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What can be done about a finding by an edit of its file. `edits` are there when a report was asked for them.

    `refused`: why it is not done for this finding.
    """

    safety: Literal["safe", "unsafe"]
    description: str = ""
    edits: tuple[Replacement, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A placed problem. `policy` is True for findings of the policy stage, which can be waived and remapped.

    `identity` is the artifact and route in words that survive moved lines; empty: the place's route. `known` findings
    stand in the baseline: they are shown and do not count.
    """

    id: str
    severity: Severity
    message: str
    place: Place
    help: str = ""
    related: tuple[Related, ...] = ()
    policy: bool = False
    waived: Waived | None = None
    environment: str = ""
    identity: str = ""
    known: bool = False
    fix: Fix | None = None
    whose: str = ""
    """The words of the message that say which container or compose service it is about, where it is about one."""

    @property
    def counts(self) -> bool:
        return self.waived is None and not self.known


_UNREAD = ("dockerfile-", "yaml-", "terraform-syntax")


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, position and id, each once: the one order in which anything is reported.

    What of a file cannot be read comes first: the rest is judged without it."""
    seen: dict[tuple[object, ...], Diagnostic] = {}
    for one in diagnostics:
        seen.setdefault((one.place.file, one.place.span, one.place.route, one.id, one.message), one)
    return tuple(sorted(seen.values(), key=_order))


def _order(one: Diagnostic) -> tuple[object, ...]:
    span = one.place.span or Span(0, 0, 0, 0)
    route = tuple(str(part) for part in one.place.route)
    unread = one.severity == Severity.ERROR and one.id.startswith(_UNREAD)
    return (one.place.file, not unread, span, -one.severity, one.id, route, one.message)


def shown(route: Route) -> str:
    """A route as people write it: `containers[0].image`."""
    text = ""
    for part in route:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text

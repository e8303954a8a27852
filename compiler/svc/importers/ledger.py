"""The account of an import: every key and every leaf of the input has exactly one fate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from svc.diagnostics import Route
from svc.parse import Document
from svc.records import dataclass, replace
from svc.scalars import resolve

Fate = Literal["mapped", "patch", "default", "dropped"]
_RANK: dict[Fate, int] = {"mapped": 0, "patch": 1, "default": 2, "dropped": 3}
_TAKEN = ("mapped", "patch")
ANYWAY = "what the compiler does anyway"
UNKNOWN = "svc import does not know this key"


@dataclass(frozen=True, slots=True)
class Note:
    """What became of a route. `spec` is the service that it went into, `to` the route there."""

    fate: Fate
    spec: str = ""
    to: Route = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the input and its fate."""

    file: str
    line: int
    document: int
    route: Route
    note: Note


class Ledger:
    """Notes on the routes of one document. A note holds for what is below it, too; that something is mapped
    is said of each key. Of compose, `tags` are by what they stand before, `values` those of the variables in texts."""

    def __init__(
        self,
        document: Document,
        index: int = 0,
        tags: Mapping[Route, str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        self.document = document
        self.index = index
        self.tags = tags or {}
        self.values = values or {}
        self.notes: dict[Route, Note] = {}

    def note(self, route: Route, note: Note) -> None:
        """The better of two fates wins: what one service uses and another does not is mapped."""
        old = self.notes.get(route)
        if old is None or _RANK[note.fate] < _RANK[old.fate]:
            self.notes[route] = note

    def fail(self, spec: str, to: Route, reason: str) -> None:
        """What went to a route of a spec did not fit there after all: what stands there, else what it was made of."""
        taken = {route: note for route, note in self.notes.items() if note.spec == spec and note.fate in _TAKEN}
        below = [route for route, note in taken.items() if note.to[: len(to)] == to]
        for route in below:
            self.notes[route] = replace(self.notes[route], fate="dropped", reason=reason)
        above = {route: note for route, note in taken.items() if note.to and note.to == to[: len(note.to)]}
        if below or not above:
            return
        nearest = max(len(note.to) for note in above.values())
        for route, note in above.items():
            if len(note.to) == nearest:
                item = (*route, *to[nearest:])
                at = item if item in self.document.nodes else route
                self.notes[at] = Note("dropped", spec, to, reason)

    def standing(self, spec: str, there: Callable[[Route], bool]) -> None:
        """What went to a route that the spec has no more, since it says the same without it."""
        for route, note in self.notes.items():
            if note.spec != spec or note.fate not in _TAKEN or not note.to or there(note.to):
                continue
            to = note.to
            while to and not there(to):
                to = to[:-1]
            fate = note.fate if to else "default"
            self.notes[route] = replace(note, fate=fate, to=to, reason=note.reason or ("" if to else ANYWAY))

    def entries(self) -> Iterator[Entry]:
        children: dict[Route, list[Route]] = {}
        for route in self.document.nodes:
            if route:
                children.setdefault(route[:-1], []).append(route)
        for route in units(self.document):
            line = self.document.span(route, "key").line
            yield Entry(self.document.source.name, line, self.index, route, self._tagged(route, children))

    def _tagged(self, route: Route, children: dict[Route, list[Route]]) -> Note:
        note = self._fate(route, children)
        if route not in self.tags:
            return note
        said = f"`{self.tags[route]}` takes out what it extends; its value is read as it stands"
        return replace(note, reason=f"{note.reason}; {said}" if note.reason else said)

    def _fate(self, route: Route, children: dict[Route, list[Route]]) -> Note:
        for length in range(len(route), 0, -1):
            note = self.notes.get(route[:length])
            if note is not None and (note.fate != "mapped" or length == len(route) or self._item(route, length)):
                return note
        below = [self._fate(child, children) for child in children.get(route, ())]
        best = min(below, key=lambda one: _RANK[one.fate], default=None)
        if best is None:
            return Note("dropped", reason=UNKNOWN)
        return replace(best, to=(), reason="" if best.fate == "mapped" else best.reason)

    def _item(self, route: Route, length: int) -> bool:
        """What is mapped takes along the plain items of a list, and no key below it."""
        plain = not isinstance(self.document.get(route), dict | list)
        return plain and length == len(route) - 1 and isinstance(route[-1], int)


def units(document: Document) -> Iterator[Route]:
    """The routes that are accounted for: every key of a mapping, every item that holds no others."""
    for route in document.nodes:
        value = document.get(route)
        if not route:
            continue
        if isinstance(route[-1], str) or not (isinstance(value, dict | list) and value):
            yield route


@dataclass(frozen=True, slots=True)
class View:
    """A part of the input, and the pen that accounts for it."""

    ledger: Ledger
    route: Route = ()
    spec: str = ""

    @property
    def value(self) -> Any:
        return self.ledger.document.get(self.route)

    @property
    def there(self) -> bool:
        return self.route in self.ledger.document.nodes

    @property
    def text(self) -> str:
        """The scalar as it is written: `3.10` stays so."""
        written = self.ledger.document.text(self.route)
        return written if written is not None else "" if self.value is None else str(self.value)

    def at(self, *parts: str | int) -> View:
        return replace(self, route=(*self.route, *parts))

    def of(self, spec: str) -> View:
        return replace(self, spec=spec)

    def items(self) -> list[tuple[str, View]]:
        value = self.value
        return [(str(key), self.at(key)) for key in value] if isinstance(value, dict) else []

    def each(self) -> list[View]:
        value = self.value
        return [self.at(index) for index in range(len(value))] if isinstance(value, list) else []

    def texts(self) -> list[str]:
        """A scalar, or a list of them, as texts."""
        if isinstance(self.value, list):
            return [one.text for one in self.each() if not isinstance(one.value, dict | list)]
        return [self.text] if self.there and self.value is not None and not isinstance(self.value, dict) else []

    def mapped(self, *to: str | int, reason: str = "") -> None:
        self.ledger.note(self.route, Note("mapped", self.spec, to, reason))

    def patched(self, *to: str | int, reason: str = "") -> None:
        self.ledger.note(self.route, Note("patch", self.spec, to, reason))

    def default(self, reason: str) -> None:
        self.ledger.note(self.route, Note("default", self.spec, (), reason))

    def dropped(self, reason: str, *to: str | int) -> None:
        self.ledger.note(self.route, Note("dropped", self.spec, to, reason))


def number(text: str) -> Any:
    """A text as the number that it is, or the text."""
    value = resolve(text)
    return value if isinstance(value, int) and not isinstance(value, bool) else text

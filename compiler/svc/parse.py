"""Stage 2: a `Source` becomes `Document`s: plain data plus the span of every key and value, built in one walk.

YAML 1.2 core scalars, no duplicate keys, bounded aliases and depth. Never raises on any text: what is wrong is
returned as placed diagnostics, since a syntax error has a position and no route.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from svc.diagnostics import Anchor, Diagnostic, Place, Related, Route, Severity, Span, Within
from svc.patterns import regex
from svc.records import dataclass, field
from svc.source import Source
from svc.tree import Data, value_at
from svc.yaml_events import read
from svc.yaml_nodes import Node, printable

if TYPE_CHECKING:
    from svc.inside import Step


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document, or what CUE made of a spec. `nodes` has exactly the routes of `data`.

    `homes`: the file of what does not stand in `source`, but in another file of the same CUE package. `doubtful`:
    what is given twice, or () where no value may be what is written.
    """

    source: Source
    data: Data
    nodes: Mapping[Route, Node] = field(repr=False, compare=False)
    homes: Mapping[Route, str] = field(default_factory=dict, repr=False, compare=False)
    doubtful: frozenset[Route] = field(default=frozenset(), repr=False, compare=False)
    _places: dict[tuple[Route, Anchor], Place] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those that were asked for: every environment asks for the same ones."""
    _steps: dict[Route, list[Step] | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Of the texts within which something was asked for: a script may have thousands of findings."""

    def span(self, route: Route, anchor: Anchor = "value") -> Span:
        """What to underline for a route. A missing one is shown at the key of its nearest ancestor."""
        node = self.nodes.get(route)
        missing = node is None
        while node is None:
            route = route[:-1]
            node = self.nodes.get(route) if route else self.nodes[()]
        on_key = anchor == "key" or (missing and not _is_scalar(self.get(route)))
        return _underlined(node, on_key)

    def place(self, route: Route, anchor: Anchor = "value", within: Within | None = None) -> Place:
        """`within`: the part of the text there that is meant, if it can be told where that stands."""
        if within is not None and anchor == "value":
            return self._inside(route, within)
        known = self._places.get((route, anchor))
        if known is None:
            known = Place(self._home(route), self.span(route, anchor), route)
            self._places[route, anchor] = known
        return known

    def part(self, route: Route, words: str) -> Place:
        """Where the words of the text at a route stand; where the whole does, when it has no such words.

        A reference is looked for where no `$` before it makes it a literal one.
        """
        value = self.get(route)
        at = value.find(words) if isinstance(value, str) and words else -1
        if words[:1] == "$" and isinstance(value, str) and at > 0:
            read = re.search(rf"(?<!\$)(?:\$\$)*({re.escape(words)})", value)
            at = at if read is None else read.start(1)
        return self.place(route) if at < 0 else self.place(route, "value", (at, at + len(words)))

    def _inside(self, route: Route, within: Within) -> Place:
        from svc import inside

        whole, text = self.place(route), route
        while text and text not in self.nodes:  # a part of a text has no route of its own
            text = text[:-1]
        value = self.get(text)
        if not isinstance(value, str) or whole.file != self.source.name:
            return whole
        lines = inside.lines_within(self.source.text)
        if text not in self._steps:
            self._steps[text] = inside.steps(lines, self.nodes[text].mark, value)
        made = self._steps[text]
        found = None if made is None else inside.stretch(made, lines, value, within)
        return whole if found is None else Place(whole.file, found, route, whole.span)

    def _home(self, route: Route) -> str:
        while self.homes and route and route not in self.nodes:
            route = route[:-1]
        return self.homes.get(route, self.source.name)

    def text(self, route: Route) -> str | None:
        """The scalar at a route as it was written, quotes aside; None for collections and missing routes."""
        node = self.nodes.get(route)
        if node is None or node.text is not None:
            return node and node.text
        value = self.get(route)
        return value if isinstance(value, str) else None

    def get(self, route: Route) -> Data:
        """The value at a route, None where there is none."""
        return value_at(self.data, route)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The documents that could be read and what is wrong with the file; both may be there."""

    documents: tuple[Document, ...]
    problems: tuple[Diagnostic, ...] = ()


def parse(source: Source) -> Parsed:
    """Every document of a YAML (or JSON) text; empty ones are left out."""
    text = source.text.removeprefix("\ufeff")
    illegal = None if printable(text) else _ILLEGAL.search(text)
    if illegal:
        return Parsed((), (_illegal(source.name, text, illegal.start()),))
    read_documents, problems = read(source.name, text)
    return Parsed(tuple(Document(source, *one[:2], doubtful=one[2]) for one in read_documents), problems)


def parse_one(source: Source) -> Parsed:
    """As `parse`, where exactly one document is expected: none, or a second one, is a problem too."""
    parsed = parse(source)
    if not parsed.documents and not parsed.problems:
        place = Place(source.name, Span(1, 1, 1, 1))
        return Parsed((), (Diagnostic("yaml-empty", Severity.ERROR, "the file is empty", place),))
    if len(parsed.documents) < 2:
        return parsed
    first, second = parsed.documents[:2]
    problem = Diagnostic(
        "yaml-many-documents",
        Severity.ERROR,
        f"one document was expected, the file has {len(parsed.documents)}",
        second.place(()),
        "remove the `---` line between them, or move the others into files of their own",
        (Related("the first document", first.place(())),),
    )
    return Parsed((first,), (*parsed.problems, problem))


def _is_scalar(value: Data) -> bool:
    return not isinstance(value, dict | list)


def _underlined(node: Node, on_key: bool) -> Span:
    if node.key_mark and (on_key or node.head):
        return Span(*node.key_mark)
    line, column, end_line, end_column = node.head or node.mark
    if (line, column) != (end_line, end_column):
        return Span(line, column, end_line, end_column)
    return Span(*node.key_mark) if node.key_mark else Span(line, max(1, column - 1), line, column)


# What YAML 1.1 and 1.2 both call printable, without the byte order mark.
_ILLEGAL = regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def _illegal(name: str, text: str, index: int) -> Diagnostic:
    before = Source(name, text[:index]).lines
    line, column = len(before), len(before[-1]) + 1
    code = ord(text[index])
    if code == 0xFEFF:
        message, advice = "a byte order mark in the middle of the text", "delete the invisible character here"
    elif 0xD800 <= code <= 0xDFFF:
        message, advice = f"half of a surrogate pair (U+{code:04X})", "save the file as UTF-8"
    else:
        message = f"the control character U+{code:04X} may not stand in YAML"
        advice = f'delete it, or write it as an escape in double quotes: "\\u{code:04x}"'
    return Diagnostic("yaml-control-character", Severity.ERROR, message, _at(name, line, column), advice)


def _at(name: str, line: int, column: int) -> Place:
    return Place(name, Span(line, column, line, column + 1))

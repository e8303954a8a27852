"""The one walk of `parse`: from the events of a YAML parser to plain data and the marks of every node."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from svc import yaml_syntax
from svc.diagnostics import Diagnostic, Route
from svc.libyaml import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    yaml,
)
from svc.patterns import regex
from svc.scalars import resolve, tagged
from svc.tree import Data
from svc.yaml_nodes import FOREIGN_BREAK, Frame, Mark, Node, Nodes, Parser, hidden, paired, unpaired
from svc.yaml_problems import MAX_PROBLEMS, TAG, Problems, StopError
from svc.yaml_shared import MAX_DEPTH as MAX_DEPTH
from svc.yaml_shared import Shared

_SCALAR_TAGS = frozenset({"str", "int", "float", "bool", "null"})
_SINGLE = frozenset({"yaml-duplicate-key", "yaml-unknown-tag"})
"""Problems of one value, which leave the others of a document as they are."""
_OPEN = object()
_BREAK = regex(r"\r\n|\n|\r")
_made = tuple.__new__
"""A named tuple without the call of its own constructor."""


Doubtful = frozenset[Route]
"""Routes that a document gives two values, or () for one whose values are not what is written."""
_SURE: Doubtful = frozenset()
_RESUMED = 20
"""Documents of one file that may be broken until the rest is left alone."""
_MARKER = regex(r"(?:^|(?<=\r))---(?=[ \t\r\n]|$)", re.MULTILINE)
"""What begins a document, whatever stands above it: no text, quoted or not, may have such a line."""


def read(name: str, text: str) -> tuple[list[tuple[Data, Nodes, Doubtful]], tuple[Diagnostic, ...]]:
    """The non-empty documents of a text and what is wrong with it; those behind a broken one are read as well."""
    documents: list[tuple[Data, Nodes, Doubtful]] = []
    found: list[Diagnostic] = []
    start = 0
    for _ in range(_RESUMED):
        reader = _Reader(name, "\n" * len(_BREAK.findall(text[:start])) + text[start:])
        stopped = False
        try:
            reader.run()
        except StopError:
            stopped = True
        except yaml.MarkedYAMLError as error:
            stopped = True
            reader.said.found.append(yaml_syntax.explained(name, text, error, reader.position))
        documents += reader.documents
        found += [one for one in reader.said.found if one not in found]
        start = _next(text, start, reader.begun) if stopped and len(found) < MAX_PROBLEMS else 0
        if not start:
            break
    return documents, tuple(found)


def _next(text: str, start: int, line: int) -> int:
    """Where the document begins that follows the one that begins on a line; 0 for none."""
    ends = (one.end() for one in _BREAK.finditer(text))
    begun = next(islice(ends, line - 2, None), 0) if line > 1 else 0
    marker = _MARKER.search(text, max(start, begun) + 1)
    return marker.start() if marker else 0


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self.documents: list[tuple[Data, Nodes, Doubtful]] = []
        self.begun = 1
        self.said = Problems(name, text)
        self.shared = Shared(self.said)
        # libyaml takes NEL, LS and PS for line breaks, as YAML 1.1 did; editors and YAML 1.2 do not.
        self.hidden = hidden(text) if FOREIGN_BREAK.search(text) else {}
        self.covered, self.pair = paired(text)
        self.shown = {ord(value): chr(key) for key, value in self.hidden.items()}
        lines = _BREAK.split(text)
        self.last = (len(lines), len(lines[-1]) + 1)
        self.begin(None)

    def begin(self, event: Any) -> None:
        self.begun = self.position(event.end_mark)[0] if event is not None else 1
        self.doubtful = _SURE
        self.said_before = len(self.said.found)
        self.data: Data = None
        self.nodes: Nodes = {}
        self.shared.begin(self.nodes)
        self.frames: list[Frame] = []
        self.anchors: dict[str, tuple[Data, Route | None]] = {}
        self.empty = True

    def run(self) -> None:
        next_event = Parser(self.covered.translate(self.hidden) if self.hidden else self.covered).get_event
        handlers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self.scalar if self.shown or self.pair else self.simple,
            MappingStartEvent: self.start,
            SequenceStartEvent: self.start,
            MappingEndEvent: self.end,
            SequenceEndEvent: self.end,
            AliasEvent: self.alias,
            DocumentStartEvent: self.begin,
            DocumentEndEvent: self.finish,
        }
        while True:
            event = next_event()
            kind = type(event)
            if kind in handlers:
                handlers[kind](event)
            elif kind is StreamEndEvent or event is None:
                return

    def finish(self, _: object) -> None:
        if not self.empty:
            odd = any(one.id not in _SINGLE for one in self.said.found[self.said_before :])
            self.documents.append((self.data, self.nodes, frozenset({()}) if odd else self.doubtful))

    def position(self, mark: Any) -> tuple[int, int]:
        """Line and column, from 1, of a mark of PyYAML."""
        return min((mark.line + 1, mark.column + 1), self.last)

    def mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        if end.line >= self.last[0]:  # libyaml adds the newline that the last line lacks
            return *self.position(start), *self.last
        return start.line + 1, start.column + 1, end.line + 1, end.column + 1

    def simple(self, event: Any) -> None:
        """As `scalar` does it, in one call, for what stands in a collection without anchor or tag: nearly all."""
        start, end, text, style = event.start_mark, event.end_mark, event.value, event.style
        frame = self.frames[-1] if self.frames else None
        odd = event.anchor or event.tag or style in ("|", ">") or end.line >= self.last[0]
        if frame is None or odd:
            self.scalar(event)
            return
        mark = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        bare = event.implicit[0] and not style
        keyed, key = frame.keyed, frame.key
        if keyed and key is None:
            if text in frame.data or (bare and text == "<<"):
                self.scalar(event)
                return
            frame.key, frame.key_mark = text, mark
            if frame.head is None:
                frame.head = mark
            return
        value = resolve(text) if bare else text
        node = _made(Node, (mark, frame.key_mark if keyed else None, None if type(value) is str else text, None))
        frame.end = mark
        if keyed:
            frame.data[key] = value
            self.nodes[(*frame.route, key or "")] = node
            frame.key = None
        else:
            self.nodes[(*frame.route, len(frame.data))] = node
            frame.data.append(value)

    def scalar(self, event: Any) -> None:
        mark = self.mark(event)
        text: str = event.value.translate(self.shown) if self.shown else event.value
        if self.pair and self.pair in text:
            text = unpaired(text, self.pair, event.style == '"')
        bare = event.implicit[0] and not event.style
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.keyed and frame.key is None:
            self.key(frame, text, mark, bare and text == "<<")
            if event.anchor:
                self.anchors[event.anchor] = (text, None)
            return
        value: Data = text
        if bare:
            value = resolve(text)
        elif event.tag:
            value = self.tagged(event.tag, text, mark)
        if self.empty:
            self.empty = frame is None and bare and text == ""
        head = mark if event.style in ("|", ">") else None
        if head is not None:
            head = (mark[0], mark[1], mark[0], mark[1] + 1)
        route = self.put(frame, value, mark, None if type(value) is str else text, head)
        if event.anchor:
            self.anchors[event.anchor] = (value, route)

    def tagged(self, tag: str, text: str, mark: Mark) -> Data:
        kind = tag.removeprefix(TAG)
        if kind not in _SCALAR_TAGS:
            self.said.unknown_tag(tag, mark)
            return text
        try:
            return tagged(kind, text)
        except ValueError as error:
            self.said.report("yaml-bad-tag", f"{error}, as its tag `!!{kind}` says", mark, "remove the tag")
            return text

    def key(self, frame: Frame, text: str, mark: Mark, merge: bool) -> None:
        if text in frame.data:
            route = (*frame.route, text)
            first = self.nodes[route].key_mark
            self.shared.forget(frame.data[text], route)
            self.doubtful |= {route}
            self.said.twice(text, route, first, mark)
        frame.merges = frame.merges or merge
        frame.key = text
        frame.key_mark = mark
        if frame.head is None:
            frame.head = mark

    def put(self, frame: Frame | None, value: Data, mark: Mark, text: str | None, head: Mark | None = None) -> Route:
        """Hang a value into the open collection (or make it the document) and note where it stands."""
        if frame is None:
            self.data = value
            self.nodes[()] = Node(mark, None, text, head)
            return ()
        frame.end = mark
        if frame.keyed:
            route: Route = (*frame.route, frame.key or "")
            frame.data[frame.key] = value
            self.nodes[route] = Node(mark, frame.key_mark, text, head)
            frame.key = None
            return route
        route = (*frame.route, len(frame.data))
        frame.data.append(value)
        self.nodes[route] = Node(mark, None, text, head)
        return route

    def start(self, event: Any) -> None:
        mark = self.mark(event)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.keyed and frame.key is None:
            self.said.complex_key(mark)
        mapping = type(event) is MappingStartEvent
        if event.tag and event.tag != TAG + ("map" if mapping else "seq"):
            self.said.unknown_tag(event.tag, mark)
        if len(self.frames) >= MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            self.said.fatal("yaml-too-deep", message, mark, "split the value or flatten it")
        self.empty = False
        data: Data = {} if mapping else []
        route = self.put(frame, data, mark, None)
        if event.anchor:
            self.anchors[event.anchor] = (_OPEN, None)
        opened = Frame(data, route, mark, bool(event.flow_style), event.anchor)
        if not mapping:
            opened.head = (mark[0], mark[1], mark[0], mark[1] + 1)
        self.frames.append(opened)

    def end(self, event: Any) -> None:
        frame = self.frames.pop()
        if frame.merges:
            self.shared.merge(frame)
        mark = self.mark(event)
        closing = frame.flow and mark[:2] != mark[2:]
        end = mark[2:] if closing else max(frame.end[2:], frame.start[2:])
        head = None if frame.flow else frame.head
        whole: Mark = (*frame.start[:2], *end)
        self.nodes[frame.route] = Node(whole, self.nodes[frame.route].key_mark, None, head)
        if self.frames:
            self.frames[-1].end = whole
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.data, frame.route)

    def alias(self, event: Any) -> None:
        mark = self.mark(event)
        if event.anchor not in self.anchors:
            known = ", ".join(f"`&{anchor}`" for anchor in sorted(self.anchors))
            advice = f"defined above: {known}" if known else "quote the text if it only begins with `*`"
            message = f"`*{event.anchor}` has no anchor `&{event.anchor}` above it"
            self.said.fatal("yaml-undefined-alias", message, mark, advice)
        value, source = self.anchors[event.anchor]
        if value is _OPEN:
            message = f"`*{event.anchor}` stands inside `&{event.anchor}`, so it would contain itself"
            self.said.fatal("yaml-cyclic-alias", message, mark, "write the value out")
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.keyed and frame.key is None:
            if isinstance(value, dict | list):
                self.said.complex_key(mark)
            self.key(frame, _key_text(value, self.shared.known(source) if source is not None else None), mark, False)
            return
        text = self.shared.known(source).text if source is not None else None
        route = self.put(frame, value, mark, text)
        if source is not None and isinstance(value, dict | list):
            self.shared.copy(value, source, route, mark)


def _key_text(value: Data, node: Node | None) -> str:
    return value if isinstance(value, str) else (node and node.text) or ""

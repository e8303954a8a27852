"""The events of a YAML parser, and what the walk over them keeps: the marks of every node, the collections still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml

from svc.diagnostics import Route, Span
from svc.patterns import regex

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML without libyaml: three times slower, the same events

    class _Parser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[no-redef]
        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)

        def get_event(self) -> Any:
            following: Callable[[], Any] = super().get_event
            try:
                return following()
            except (OverflowError, ValueError):  # "\\UFFFFFFFF", %YAML with a number of thousands of digits
                raise yaml.MarkedYAMLError(problem="a number out of range", problem_mark=self.get_mark()) from None


Parser = _Parser

Mark = tuple[int, int, int, int]
"""Line, column, end line, end column; a `Span` as the parser keeps it."""


class Node(NamedTuple):
    """Where a value and its key stand. `text` is the source of a plain scalar that is not a string: `3.10`."""

    mark: Mark
    key_mark: Mark | None = None
    text: str | None = None
    head: Mark | None = None
    """For block collections, which extend over many lines: their first key or dash."""

    @property
    def span(self) -> Span:
        return Span(*self.mark)

    @property
    def key_span(self) -> Span | None:
        return Span(*self.key_mark) if self.key_mark else None


Nodes = dict[Route, Node]


FOREIGN_BREAK = regex("[\x85\u2028\u2029]")


class Frame:
    """A collection that is still open."""

    __slots__ = ("anchor", "data", "end", "flow", "head", "key", "key_mark", "keyed", "merges", "route", "start")

    def __init__(self, data: Any, route: Route, start: Mark, flow: bool, anchor: str | None) -> None:
        self.data = data
        self.route = route
        self.start = start
        self.flow = flow
        self.anchor = anchor
        self.keyed = type(data) is dict
        self.key: str | None = None
        self.key_mark: Mark | None = None
        self.head: Mark | None = None
        self.end: Mark = start
        self.merges = False


def hidden(text: str) -> dict[int, str]:
    """The foreign line breaks of a text, each with a private character that the text does not have."""
    spare = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    return {ord(char): next(spare, char) for char in "\x85\u2028\u2029"}


def events(text: str) -> Iterator[Any]:
    """The events of a text that `read` accepts: for those who need to know how it is written."""
    unseen = hidden(text) if FOREIGN_BREAK.search(text) else {}
    following = Parser(text.translate(unseen) if unseen else text).get_event
    while (event := following()) is not None:
        yield event

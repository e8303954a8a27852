"""The events of a YAML parser, and what the walk over them keeps: the marks of every node, the collections still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from svc.diagnostics import Route, Span
from svc.libyaml import yaml
from svc.patterns import regex

if TYPE_CHECKING:
    from re import Match

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


Nodes = dict[Route, Node]


def printable(text: str) -> bool:
    """A quick yes for most texts: nothing in them but line feeds, tabs, carriage returns and what Unicode prints. A
    pattern that knows YAML's printable characters takes ten milliseconds to compile."""
    return text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable()


FOREIGN_BREAK = regex("[\x85\u2028\u2029]", needs=tuple("\x85\u2028\u2029"))


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


_PAIR = regex(r"(\\+)u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def paired(text: str) -> tuple[str, str]:
    """The text with the escaped surrogate pairs of JSON put in a form of the same length that libyaml takes, and the
    character that begins and ends each; "" when there is none."""
    if "\\u" not in text or not _PAIR.search(text):
        return text, ""
    mark = next((chr(code) for code in range(0xF8FF, 0xE000, -1) if chr(code) not in text), "")
    return (_PAIR.sub(lambda found: _covered(found, mark), text) if mark else text), mark


def _covered(found: Match[str], mark: str) -> str:
    slashes, high, low = found.groups()
    return f"{slashes[1:]}{mark}{high}{mark}{mark}{low}{mark}" if len(slashes) % 2 else found[0]


def unpaired(value: str, mark: str, quoted: bool) -> str:
    """A scalar's value: between double quotes a pair is one character, elsewhere it is what was written."""
    first, *rest = value.split(mark)
    made = [first]
    for high, _, low, after in zip(rest[::4], rest[1::4], rest[2::4], rest[3::4], strict=True):
        code = 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00
        made += [chr(code) if quoted else f"\\u{high}\\u{low}", after]
    return "".join(made)


def events(text: str) -> Iterator[Any]:
    """The events of a text that `read` accepts: for those who need to know how it is written."""
    unseen = hidden(text) if FOREIGN_BREAK.search(text) else {}
    covered, mark = paired(text)
    following: Callable[[], Any] = Parser(covered.translate(unseen) if unseen else covered).get_event
    while (event := following()) is not None:
        if mark and mark in getattr(event, "value", ""):
            event.value = unpaired(event.value, mark, event.style == '"')
        yield event

"""Where a part of an instruction's text stands in the file that it was read from. Only findings ask."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from svc.diagnostics import Place, Route, Span, Within
from svc.inside import Step, stretch
from svc.source import Source, by_lines
from svc.targets.docker.read import flags, head, lines_of, logical
from svc.targets.docker.types import Dockerfile, Instruction


class Places:
    """The places of one file. Its lines, and the steps of each instruction's text, are worked out once."""

    def __init__(self, source: Source, dockerfile: Dockerfile) -> None:
        self._source, self._dockerfile = source, dockerfile
        self._steps: dict[int, list[Step]] = {}

    def __call__(self, route: Route, within: Within | None = None, /) -> Place:
        """The instruction at a route, or the part of its `text` that is meant; the file's start for no instruction."""
        name, whole = self._source.name, self._dockerfile.span(route)
        if whole is None:
            return Place(name, Span(1, 1, 1, 1), route)
        found = self._inside(int(route[1]), within) if within is not None else None
        if found is None:
            return Place(name, self.moved(whole), route)
        return Place(name, self.moved(found), route, self.moved(whole))

    @cached_property
    def moved(self) -> Callable[[Span], Span]:
        return by_lines(self._source.text)

    @cached_property
    def _lines(self) -> list[str]:
        return lines_of(self._source.text)

    def _inside(self, number: int, within: Within) -> Span | None:
        one = self._dockerfile.instructions[number]
        if one.span is None:
            return None
        bearer = one.trigger or one
        if number not in self._steps:
            escape = "`" if ("escape", "`") in self._dockerfile.directives else "\\"
            self._steps[number] = _steps(self._lines, one.span.line - 1, bearer, escape)
        made = self._steps[number]
        return stretch(made, self._lines, bearer.text, within) if made else None


def _steps(lines: Sequence[str], row: int, one: Instruction, escape: str) -> list[Step]:
    """The steps of an instruction's text; none for what cannot be found as it was read."""
    parts: list[Step] = []
    read = logical(lines, row, escape, parts)
    written = read.text.replace("\n", " ").rstrip()
    at = len(written) - len(_behind_flags(written))
    offset = 0
    made: list[Step] = []
    for word in one.args:
        found = written.find(word.replace("\n", " "), at)
        if found < 0:
            return []
        made += _cut(parts, found, found + len(word), offset)
        at, offset = found + len(word), offset + len(word) + 1
    offset, row = max(offset - 1, 0), read.next
    for document in one.heredocs:
        offset += 1
        for line in document.text.split("\n") if document.text else ():
            made.append((offset, row, len(lines[row]) - len(line)))
            offset, row = offset + len(line) + 1, row + 1
        if not document.text and row < len(lines):
            empty = (lines[row].lstrip("\t") if document.strip else lines[row]) != document.name
            offset, row = offset + 1, row + empty
        offset, row = offset + len(document.name), row + 1
    return made


def _behind_flags(written: str) -> str:
    _, rest = head(written)
    rest = flags(rest.strip())[1]
    if written[:7].upper() == "ONBUILD":
        rest = flags(head(rest)[1].strip())[1]
    return rest


def _cut(parts: Sequence[Step], start: int, end: int, offset: int) -> Iterator[Step]:
    """The steps of a stretch of the instruction's one line, counted from `offset`."""
    begun = bisect_right(parts, (start, 1 << 60, 0))
    first = parts[begun - 1]
    yield offset, first[1], first[2] + start - first[0]
    for at, row, column in parts[begun : bisect_left(parts, (end, -1, 0))]:
        yield at - start + offset, row, column

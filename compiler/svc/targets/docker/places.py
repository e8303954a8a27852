"""Where a part of an instruction's text stands in the file that it was read from. Only findings ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.diagnostics import Place, Route, Span, Within
from svc.inside import Step, stretch
from svc.source import Source, by_lines
from svc.targets.docker.read import flags, head, lines_of, logical
from svc.targets.docker.types import Dockerfile, Instruction


def place(source: Source, dockerfile: Dockerfile, route: Route, within: Within | None = None) -> Place:
    """The instruction at a route, or the part of its `text` that is meant; the file's start for no instruction."""
    whole = dockerfile.span(route)
    if whole is None:
        return Place(source.name, Span(1, 1, 1, 1), route)
    found = _inside(source, dockerfile, route, within) if within is not None else None
    moved = by_lines(source.text)
    return (
        Place(source.name, moved(whole), route)
        if found is None
        else Place(source.name, moved(found), route, moved(whole))
    )


def _inside(source: Source, dockerfile: Dockerfile, route: Route, within: Within) -> Span | None:
    one = dockerfile.instructions[int(route[1])]
    if one.span is None:
        return None
    lines = lines_of(source.text)
    escape = "`" if ("escape", "`") in dockerfile.directives else "\\"
    bearer = one.trigger or one
    made = _steps(lines, one.span.line - 1, bearer, escape)
    return stretch(made, lines, bearer.text, within) if made else None


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
    first = next(one for one in reversed(parts) if one[0] <= start)
    yield offset, first[1], first[2] + start - first[0]
    yield from ((at - start + offset, row, column) for at, row, column in parts if start < at < end)

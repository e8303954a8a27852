"""Where a part of a scalar's value stands in its file: from an offset in the value to a line and a column.

A scalar's mark and its value are enough: the text at the mark says the style, and every line is held against the
value, so that what cannot be laid over it (an alias, a value that something else made) has no place rather than a
wrong one. Only findings ask; nothing is parsed again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from svc.diagnostics import Span, Within
from svc.patterns import regex
from svc.source import lines_of

Mark = tuple[int, int, int, int]
Step = tuple[int, int, int]
"""From this offset of the value on, up to the next step, characters stand beside each other: offset, row, column from 0."""

_BLANKS = " \t"
_HEADER = regex(r"[|>](?:[1-9][+-]?|[+-][1-9]?)?(?=\s|$)")
_ESCAPED = {"x": 4, "u": 6, "U": 10}
"""Characters of an escape between double quotes; all others have two."""
_PAIR = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
"""Half and half of one character, as JSON writes it."""


def stretch(made: Sequence[Step], lines: Sequence[str], value: str, within: Within) -> Span | None:
    """The stretch of a file that a part of a scalar's value takes up on the part's first line.

    White space at the part's beginning is passed over. None: the value is shorter.
    """
    start, end = within
    while start < min(end, len(value)) and value[start].isspace():
        start += 1
    if not 0 <= start <= len(value):
        return None
    row, column = at(made, start)
    column = min(column, len(lines[row]))
    last_row, last = at(made, min(end, len(value)) - 1) if end > start else (row, column - 1)
    if last_row != row:
        last = len(lines[row].rstrip()) - 1
    return Span(row + 1, column + 1, row + 1, max(column, last + 1) + 1)


def at(made: Sequence[Step], offset: int) -> tuple[int, int]:
    """Row and column, from 0, of an offset in the value."""
    first, row, column = made[max(0, bisect_right(made, (offset, 1 << 60, 0)) - 1)]
    return row, column + offset - first


def steps(lines: Sequence[str], mark: Mark, value: str) -> list[Step] | None:
    """The steps of a scalar's whole value; None where it does not stand there."""
    found = _begin(lines, mark[0] - 1, mark[1] - 1)
    if found is None:
        return None
    row, column = found
    first = lines[row][column : column + 1]
    header = _HEADER.match(lines[row], column)
    if header is not None:
        return _block(lines, row, mark[2], value, header[0])
    if first == "*":
        return None
    style = first if first in ("'", '"') else ""
    return _flow(lines, row, column + len(style), value, style)


@lru_cache(maxsize=2)
def lines_within(text: str) -> list[str]:
    return lines_of(text.removeprefix("\ufeff"))


def _begin(lines: Sequence[str], row: int, column: int) -> tuple[int, int] | None:
    """Where a scalar begins behind its tag and its anchor."""
    while row < len(lines):
        line = lines[row]
        while column < len(line) and line[column] in _BLANKS:
            column += 1
        if column >= len(line) or line[column] == "#":
            row, column = row + 1, 0
        elif line[column] in "&!":
            while column < len(line) and line[column] not in _BLANKS:
                column += 1
        else:
            return row, column
    return None


class _Line(NamedTuple):
    row: int
    text: str
    indent: int


def _line(row: int, text: str) -> _Line:
    return _Line(row, text, len(text) - len(text.lstrip(" ")))


def _block(lines: Sequence[str], row: int, end: int, value: str, header: str) -> list[Step] | None:
    """`|` and `>`: all lines are content but for their indentation, which the first one has or the header gives."""
    below = [_line(number, lines[number]) for number in range(row + 1, min(end, len(lines)))]
    first = next((one for one in below if one.text.strip(" ")), None)
    if first is None or not value.strip("\n"):
        return [(0, row, len(lines[row]))]
    given = any(char.isdigit() for char in header)
    for indent in range(1, first.indent + 1) if given else (first.indent,):
        made = _laid(below, indent, value, folded=header[0] == ">")
        if made is not None:
            return made
    return None


def _laid(below: Sequence[_Line], indent: int, value: str, *, folded: bool) -> list[Step] | None:
    made: list[Step] = []
    position, empty, tight = 0, 0, False
    for one in below:
        content = one.text[indent:]
        if one.indent < min(indent, len(one.text)):
            break
        if not content:
            empty += 1
            continue
        flush = content[0] not in _BLANKS
        if not made:
            position += empty
        else:
            position += (empty or 1) if folded and tight and flush else empty + 1
        if not value.startswith(content, position):
            return None
        made.append((position, one.row, indent))
        position, empty, tight = position + len(content), 0, flush
    return made if made and not value[position:].strip("\n") else None


def _flow(lines: Sequence[str], row: int, column: int, value: str, style: str) -> list[Step] | None:
    """Plain and quoted scalars, whose lines are folded whatever their indentation is."""
    made: list[Step] = [(0, row, column)]
    position = 0
    while position < len(value):
        line = lines[row]
        if not line[column:].strip(_BLANKS):
            row, column, taken = _fold(lines, row)
        elif style and line[column] == _ESCAPES[style]:
            row, column, taken = _escape(lines, row, column, value[position : position + 1])
        else:
            length = min(_plain(line, column, style), len(value) - position)
            if length <= 0 or not value.startswith(line[column : column + length], position):
                return None
            position, column = position + length, column + length
            continue
        if row >= len(lines) or not value.startswith(taken, position):
            return None
        position += len(taken)
        made.append((position, row, column))
    return made


_ESCAPES = {"'": "'", '"': "\\"}
_SPECIAL = {"'": regex("'"), '"': regex(r"[\\\"]")}


def _plain(line: str, column: int, style: str) -> int:
    """How many characters stand for themselves."""
    special = _SPECIAL[style].search(line, column) if style else None
    return (special.start() if special else len(line.rstrip(_BLANKS))) - column


def _fold(lines: Sequence[str], row: int) -> tuple[int, int, str]:
    """Where the text goes on behind a line's end, and what that end means: a space, or a break for each empty line."""
    empty = 0
    row += 1
    while row < len(lines) and not lines[row].strip(_BLANKS):
        row, empty = row + 1, empty + 1
    column = len(lines[row]) - len(lines[row].lstrip(_BLANKS)) if row < len(lines) else 0
    return row, column, "\n" * empty or " "


def _escape(lines: Sequence[str], row: int, column: int, char: str) -> tuple[int, int, str]:
    """An escape is one character; before a line's end it is none, and each empty line below it is a break."""
    line = lines[row]
    if line[column] == "'":
        return row, column + 2, "'"
    if column + 1 < len(line):
        length = 12 if _PAIR.match(line, column) else _ESCAPED.get(line[column + 1], 2)
        return row, column + length, char
    row, column, taken = _fold(lines, row)
    return row, column, taken.strip(" ")

"""Which line of a template printed a part of a rendered object: found by its keys, or not said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from svc.diagnostics import Route, Span, Within
from svc.patterns import regex
from svc.source import lines_of
from svc.tree import value_at

_CONTROL = regex(r"\s*(\{\{.*\}\}\s*)?(#.*)?$")
_ACTION = regex(r"\{\{.*?\}\}")
_ITEM = regex(r"(\s*)- ")
_CHOICE = regex(r"\s*\{\{-?\s*(range|if|with|else|include|toYaml|tpl)\b")


def span_of(text: str, data: Any, route: Route) -> Span | None:
    """The line of the deepest part of a route that is certain; None when not even the object is."""
    lines = lines_of(text)
    block = _object(lines, data)
    if block is None:
        return None
    line = _search(lines, block, route, data)
    written = lines[line]
    start = len(written) - len(written.lstrip()) + 1
    return Span(line + 1, start, line + 1, max(start + 1, len(written.rstrip()) + 1))


def part_of(text: str, data: Any, route: Route, within: Within) -> Span | None:
    """A part of the text at a route, where the template has its line as it was printed, once below the text's own."""
    whole, value = span_of(text, data, route), value_at(data, route)
    if whole is None or not isinstance(value, str):
        return None
    begin, end = value.rfind("\n", 0, within[0]) + 1, value.find("\n", within[0])
    line = value[begin : end if end >= 0 else len(value)]
    found = [
        (number, written.find(line.strip()))
        for number, written in enumerate(lines_of(text)[whole.line - 1 :], whole.line)
        if line.strip() and line.strip() in written
    ]
    if len(found) != 1:
        return None
    number, column = found[0]
    column += within[0] - begin - (len(line) - len(line.lstrip())) + 1
    last = column + min(within[1], begin + len(line.rstrip())) - within[0]
    return Span(number, column, number, max(column + 1, last))


def _object(lines: Sequence[str], data: Any) -> tuple[int, int] | None:
    """The stretch of the template between `---` lines that printed an object."""
    marks = [-1, *(index for index, line in enumerate(lines) if line.startswith("---")), len(lines)]
    blocks = [(one + 1, other) for one, other in pairwise(marks)]
    filled = [block for block in blocks if any(not _CONTROL.match(line) for line in lines[block[0] : block[1]])]
    if len(filled) == 1:
        return filled[0]
    kind = re.compile(rf"kind:\s*[\"']?{re.escape(str(data.get('kind')))}[\"']?\s*$")
    same = [block for block in filled if any(kind.match(line) for line in lines[block[0] : block[1]])]
    if len(same) > 1:
        metadata = data.get("metadata")
        name = str(metadata.get("name")) if isinstance(metadata, dict) else ""
        same = [block for block in same if _may_be_named(lines[block[0] : block[1]], name)]
    return same[0] if len(same) == 1 else None


def _may_be_named(lines: Sequence[str], name: str) -> bool:
    for line in lines:
        found = re.match(r"  name:\s*(.*?)\s*$", line)
        if found:
            parts = [re.escape(part) for part in _ACTION.split(found.group(1).strip("\"'"))]
            return re.fullmatch(".*".join(parts), name) is not None
    return True


def _search(lines: Sequence[str], block: tuple[int, int], route: Route, data: Any) -> int:
    start, end = block
    line = next((at for at in range(start, end) if lines[at].startswith("kind:")), start)
    indent = -1
    for part in route:
        whole, data = data, value_at(data, (part,))
        if isinstance(part, int):
            found = _item(lines, (start, end), part, whole)
        else:
            found = _key(lines, start, end, indent, part)
        if found is None:
            break
        line, indent, start, end = found
    return line


Found = tuple[int, int, int, int]
"""Line, column of the key, and the stretch that the value may stand in."""


def _key(lines: Sequence[str], start: int, end: int, indent: int, key: str) -> Found | None:
    """The outermost, first line in the stretch that writes the key."""
    pattern = re.compile(rf"(\s*(?:- +)*)([\"']?){re.escape(key)}\2\s*:(\s|$)")
    matches = [(len(match.group(1)), at) for at in range(start, end) if (match := pattern.match(lines[at]))]
    inner = [one for one in matches if one[0] > indent]
    if not inner:
        return None
    column, at = min(inner)
    stop = next((one for one in range(at + 1, end) if _ends(lines[one], column)), end)
    return at, column, at + 1, stop


def _ends(line: str, column: int) -> bool:
    """Whether a line is outside of a block whose key stands at a column; a list may stand at the key's own."""
    if _CONTROL.match(line):
        return False
    depth = len(line) - len(line.lstrip())
    return depth < column or (depth == column and not line.lstrip().startswith("- "))


def _item(lines: Sequence[str], block: tuple[int, int], index: int, whole: Any) -> Found | None:
    """An item of a list: where the template writes as many as were printed, or one of its name."""
    start, end = block
    items = [(len(match.group(1)), at) for at in range(start, end) if (match := _ITEM.match(lines[at]))]
    column = min((one for one, _ in items), default=0)
    starts = [at for one, at in items if one == column]
    count = len(whole) if isinstance(whole, list) else 0
    around = [line for line in lines[start:end] if len(line) - len(line.lstrip()) <= column]
    chosen = any(_CHOICE.match(line) for line in around)
    if len(starts) == count and (count == 1 or not chosen):
        at = starts[index]
    else:
        called = [at for at in starts if _named(lines[at], value_at(whole, (index,)))]
        if len(called) != 1:
            return None
        at = called[0]
    following = [one for one in starts if one > at]
    return at, column, at, following[0] if following else end


def _named(line: str, item: Any) -> bool:
    match = re.match(r"\s*- +name:\s*[\"']?([^\"'{]+?)[\"']?\s*$", line)
    return match is not None and match.group(1) == value_at(item, ("name",))

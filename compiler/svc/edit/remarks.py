"""Whose the remarks are that stand on lines of their own around an entry of a block."""

from __future__ import annotations

from svc.edit.cst import Node
from svc.patterns import regex

_ITEM = regex(r"#\s*-\s")
_REST = regex(r"#\s\s+\S")
_CODE = regex(r"#\s*(?:-\s|[\w.-]+:(?:\s|$))")
"""What was an entry once."""


def line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" and end > position else end


def below(text: str, node: Node, column: int) -> int:
    """Where an entry ends whose key or dash is in a column: after the remarks that are indented deeper, and after what
    was once an item of its list, where the list is indented no deeper than the key."""
    flat = node.kind == "seq" and not node.flow and node.start - text.rfind("\n", 0, node.start) - 1 == column
    position = node.end - 1 if _ends_with_break(text, node) else node.end
    end = line_end(text, position)
    at, item = end, False
    while (start := text.find("\n", at) + 1) and start < len(text):
        at = line_end(text, start)
        bare = text[start:at].lstrip(" \t")
        if not bare:
            continue
        deep = indented(text, start)
        item = flat and deep == column and bool(_ITEM.match(bare) or (item and _REST.match(bare)))
        if bare[0] != "#" or not (item or deep > column):
            break
        end = at
    return end


def _ends_with_break(text: str, node: Node) -> bool:
    return node.end > 0 and text[node.end - 1] == "\n"


def following(text: str, position: int, column: int) -> int:
    """The start of the first line from the start of one on that is no remark indented deeper than a column."""
    while True:
        end = line_end(text, position)
        if text[position:end].lstrip(" \t")[:1] != "#" or indented(text, position) <= column:
            return position
        position = min(text.find("\n", end) + 1 or len(text), len(text))


def above(text: str, line: int) -> int:
    """The start of the remarks right above a line, indented as it is, that are not what was an entry once."""
    column = indented(text, line)
    while line:
        start = text.rfind("\n", 0, line - 1) + 1
        if not is_remark(text, start) or indented(text, start) != column:
            break
        line = start
    return line


def is_remark(text: str, line: int) -> bool:
    """Whether a remark stands on a line, and not what was an entry once."""
    bare = text[line : line_end(text, line)].strip()
    return bare[:1] == "#" and not _CODE.match(bare)


def indented(text: str, line: int) -> int:
    rest = text[line : line_end(text, line)]
    return len(rest) - len(rest.lstrip(" \t"))

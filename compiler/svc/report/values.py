"""How far the value behind a name goes, whatever the format: quoted, a block, a here-document, or up to the end of a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from svc.patterns import regex
from svc.records import dataclass

_LINES = 400
"""Lines of one value that are looked at; keys and certificates have some dozen."""
_LONG = 1000
"""Characters of a line that say how a value in it ends."""
_MARKS = regex(r"(?:[&!][\w!:./-]*[ \t]+)*")
"""Anchors and tags of YAML."""
_NOTHING = regex(r"[ \t]*(?:#(?!#*[\"'])[^\n]*)?(?:\r?\n|$)")
_BLOCK = regex(r"[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?\r?\n")
_HERE = regex(r"<<[-~]?[\"']?(?P<word>\w+)[\"']?[ \t]*\r?\n")
_TRIPLE = regex(r"#*(\"\"\"|''')")
_ESCAPED = regex(r"\\+[\"']")
_DOUBLE = regex(r'#*"((?:[^"\\\n]|\\.)*)"')
_SINGLE = regex(r"'((?:[^'\n]|'')*)'")
_OPEN = regex(r"#*[\"']([^\n]*)")
_LISTED = regex(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'|[^\s\[\],\"'{][^,\]\n]*")
_PART = regex(r"[^\s,}\]\"'\[{|>*][^\s,}\]\"']*")
_FLOW = regex(r"[^\s,}\]\"'\[{|>*][^,}\]\n]*")
_WHOLE = regex(r"[^\s\"'\[{|>*#][^\n]*?(?=[ \t]+#|,?[ \t\r]*(?:\n|$))")
_NAMED = regex(r"[ \t]*(?:-[ \t]|[\"']?[\w./-]+[\"']?[ \t]*(?::(?:[ \t\r\n]|$)|=)|[}\])#])")
LINE = regex(r"([ \t]*)([^\n]*?)[ \t\r]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a text, and what it says to whom reads it."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Value:
    """Its stretches of the text, line by line, and what they mean."""

    spans: tuple[tuple[int, int], ...]
    text: str


def value(text: str, at: int, column: int, *, ends: str) -> Value | None:
    """The plain text that begins at a place, None where something else does: a mapping, a reference, nothing.

    `column`: where the name begins in its line. `ends`: what an unquoted value ends with: a `line`, a `flow` collection's
    comma, a `word`, or the quote that the name stands in.
    """
    at = _after(_MARKS, text, at)
    if _NOTHING.match(text, at):
        following = _after(_NOTHING, text, at)
        found = LINE.match(text, following)
        if ends != "line" or not found or not found[2] or len(found[1]) <= column or _NAMED.match(text, following):
            return None
        at = found.start(2)
    for form, several in ((_BLOCK, _indented), (_HERE, _until_word), (_TRIPLE, _until_quotes), (_ESCAPED, _until_sign)):
        if opening := form.match(text, at):
            return _joined(text, several(text, opening, column))
    if text[at : at + 1] in ('"', "'", "#"):
        return _quoted(text, at, column)
    if text[at : at + 1] == "[":
        return _list(text, at + 1)
    if len(ends) == 1:
        end = text.find(ends, at)
        return _spanned(text, at, end) if at < end and "\n" not in text[at:end] else None
    plain = {"line": _WHOLE, "flow": _FLOW}.get(ends, _PART).match(text, at)
    if plain is None:
        return None
    more = _continued(text, plain.end(), column) if ends == "line" else []
    return _joined(text, [(at, at + len(plain[0].rstrip())), *more])


def meant(text: str) -> str:
    """A text in quotes as it is read."""
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        return _unescaped(text[1:-1])
    return text.strip()


def line_start(text: str, at: int) -> int:
    """Where the line begins; of a very long one, a little before the place."""
    first = max(0, at - _LONG)
    found = text.rfind("\n", first, at)
    return found + 1 if found >= 0 else first


def _unescaped(inner: str) -> str:
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return re.sub(r"\\(.)", r"\1", inner)


def _after(form: re.Pattern[str], text: str, at: int) -> int:
    found = form.match(text, at)
    return found.end() if found else at


def _spanned(text: str, start: int, end: int) -> Value:
    return Value(((start, end),), text[start:end])


def _joined(text: str, spans: list[tuple[int, int]]) -> Value | None:
    kept = tuple(one for one in spans if one[0] < one[1])
    return Value(kept, "\n".join(text[start:end] for start, end in kept)) if kept else None


def _lines(text: str, at: int) -> Iterator[tuple[re.Match[str], int]]:
    """Lines from a place on, each with its indentation."""
    for _ in range(_LINES):
        found = LINE.match(text, at)
        if found is None or at >= len(text):
            return
        yield found, len(found[1])
        at = found.end()


def _indented(text: str, opening: re.Match[str], column: int) -> list[tuple[int, int]]:
    found = []
    for line, indent in _lines(text, opening.end()):
        if line[2] and indent <= column:
            break
        found.append(line.span(2))
    return found


def _until_word(text: str, opening: re.Match[str], _: int) -> list[tuple[int, int]]:
    found = []
    for line, _indent in _lines(text, opening.end()):
        if line[2] == opening["word"]:
            break
        found.append(line.span(2))
    return found


def _until_quotes(text: str, opening: re.Match[str], _: int) -> list[tuple[int, int]]:
    end = text.find(opening[1], opening.end())
    end = end if end >= 0 else text.find("\n", opening.end())
    end = end if end >= 0 else len(text)
    spans = []
    for line, _indent in _lines(text, opening.end()):
        spans.append((line.start(2), min(line.end(2), end)))
        if line.end() >= end:
            break
    return spans


def _until_sign(text: str, opening: re.Match[str], _: int) -> list[tuple[int, int]]:
    line = text.find("\n", opening.end())
    end = text.find(opening[0], opening.end(), line if line >= 0 else len(text))
    return [(opening.end(), end if end >= 0 else line if line >= 0 else len(text))]


def _quoted(text: str, at: int, column: int) -> Value | None:
    """In quotes; where they are not closed in their line, the lines below that are indented belong to it."""
    if closed := _DOUBLE.match(text, at):
        return Value((closed.span(1),), _unescaped(closed[1]))
    if closed := _SINGLE.match(text, at):
        return Value((closed.span(1),), closed[1].replace("''", "'"))
    opening = _OPEN.match(text, at)
    if opening is None:
        return None
    sign = opening[0].lstrip("#")[:1]
    found = [(opening.start(1), opening.end(1))]
    for line, indent in _lines(text, opening.end() + 1):
        if indent <= column or _NAMED.match(text, line.start()):
            break
        last = line[2].find(sign)
        found.append((line.start(2), line.start(2) + last if last >= 0 else line.end(2)))
        if last >= 0:
            break
    return _joined(text, found)


def _list(text: str, at: int) -> Value | None:
    """The texts of a list in one line."""
    line = text.find("\n", at)
    end = text.find("]", at, line if line >= 0 else len(text))
    if end < 0 or "{" in text[at:end]:
        return None
    items = list(_LISTED.finditer(text, at, end))
    return Value(tuple(one.span() for one in items), "\n".join(meant(one[0]) for one in items)) if items else None


def _continued(text: str, at: int, column: int) -> list[tuple[int, int]]:
    """Further lines of an unquoted text."""
    following = text.find("\n", at)
    found = []
    for line, indent in _lines(text, following + 1) if following >= 0 else ():
        if not line[2] or indent <= column or _NAMED.match(text, line.start()):
            break
        found.append(line.span(2))
    return found

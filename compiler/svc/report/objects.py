"""What a Secret of Kubernetes holds as data: all of it is secret, whatever it is called."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from svc.patterns import regex
from svc.report.values import LINE, Spot, line_start, meant

_SECRET = regex(
    r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?Secret\b|[\"']kind[\"'][ \t]*:[ \t]*[\"']Secret\b"
)
_PARTED = regex(r"(?m)^---[ \t\r]*$")
_DATA = regex(r"(?P<quote>[\"'])?\b(?:data|stringData|binaryData)(?(quote)(?P=quote))[ \t]*:[ \t]*(?=[^ \t])")
_DATUM = regex(
    r"""(?P<key>"[^"\n]*"|'[^'\n]*'|[\w./-]+)[ \t]*:(?=[ \t\r\n]|$|"|')[ \t]*(?P<plain>"(?:[^"\\]|\\.)*"|'[^']*'|[^\n,{}]*)?"""
)
_BRACES = regex(r"[{}]")


def of_secrets(text: str) -> Iterator[Spot]:
    """All that the documents hold as data which speak of a Secret."""
    start = 0
    for end in (*(match.start() for match in _PARTED.finditer(text)), len(text)):
        match = _DATA.search(text, start, end) if _SECRET.search(text, start, end) else None
        while match is not None:
            last = _flow_end(text, match.end(), end) if text[match.end()] == "{" else match.end()
            if last > match.end():
                for one in _DATUM.finditer(text, match.end() + 1, last):
                    yield from _datum(one)
            else:
                yield from _lines_of_data(text, match, end)
            match = _DATA.search(text, last, end)
        start = end


def _lines_of_data(text: str, match: re.Match[str], end: int) -> Iterator[Spot]:
    column = match.start() - line_start(text, match.start())
    at = text.find("\n", match.end(), end) + 1
    while at and (line := LINE.match(text, at, end)) and at < end:
        first, last = line.span(2)
        if line[2] and len(line[1]) <= column:
            return
        if entry := _DATUM.match(text, first, last):
            yield from _datum(entry)
        elif line[2]:
            yield Spot(first, last, line[2])
        at = line.end()


def _datum(one: re.Match[str]) -> Iterator[Spot]:
    said = (one["plain"] or "").strip()
    if said and not re.fullmatch(r"[|>][-+0-9]*", said):
        start = one.start("plain")
        yield Spot(start, start + len(said), meant(said))
        with_sense = _decoded(said)
        if with_sense:
            yield Spot(start, start, with_sense)


def _decoded(said: str) -> str:
    try:
        return base64.b64decode(meant(said), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _flow_end(text: str, at: int, end: int) -> int:
    """Where a brace is closed, as far as braces in texts are closed, too."""
    depth = 0
    for match in _BRACES.finditer(text, at, end):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end()
    return end

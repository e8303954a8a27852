"""`!reset` and `!override` of compose files: read as the value behind them, and said."""

from __future__ import annotations

from collections.abc import Mapping

from svc.diagnostics import Diagnostic, Route
from svc.importers.ledger import View
from svc.parse import Document, Parsed, parse
from svc.patterns import regex
from svc.records import replace
from svc.source import Source

_TAG = regex(r"!(?:reset|override)(?=[\s,\]}]|$)")
_UNKNOWN = {"unknown tag `!reset`", "unknown tag `!override`"}
_BREAK = regex(r"(\r\n|\n|\r)")


def parse_tagged(source: Source) -> Parsed:
    """As `parse`; the parser says where the tags stand, blanks take their place, and all else stays where it is."""
    parsed = parse(source)
    while True:
        found = [one for one in parsed.problems if one.id == "yaml-unknown-tag" and one.message in _UNKNOWN]
        text = _blanked(source.text, found) if found else source.text
        if text == source.text:
            return parsed
        source = replace(source, text=text)
        parsed = parse(source)


def _blanked(text: str, found: list[Diagnostic]) -> str:
    parts = _BREAK.split(text)
    shift = text.startswith("\ufeff")  # the parser counts without the byte order mark
    for one in found:
        span = one.place.span
        if span is None:
            continue
        line = parts[2 * (span.line - 1)]
        start = span.column - 1 + (shift and span.line == 1)
        match = _TAG.search(line, start)
        if match:
            blank = " " * len(match[0])
            parts[2 * (span.line - 1)] = line[: match.start()] + blank + line[match.end() :]
    return "".join(parts)


def tags(document: Document, original: Source) -> Mapping[Route, str]:
    """The tag at each route that has one, by what stood there before it was blanked."""
    if original.text == document.source.text:
        return {}
    before, after = (_BREAK.split(one)[::2] for one in (original.text, document.source.text))
    found: dict[Route, str] = {}
    for line, (old, new) in enumerate(zip(before, after, strict=True), 1):
        for match in _TAG.finditer(old):
            if new[match.start() : match.end()].isspace():
                found |= dict.fromkeys(_behind(document, line, match.end()), match[0])
    return found


def _behind(document: Document, line: int, column: int) -> list[Route]:
    """What a tag stood before: the next value, at all its routes when it has an anchor."""
    later = [(node.mark[:2], route) for route, node in document.nodes.items() if node.mark[:2] >= (line, column)]
    first = min((mark for mark, _ in later), default=None)
    return [route for mark, route in later if mark == first and route]


def replaced(later: list[View], key: str) -> str:
    """The tag by which one of the services that extend this one takes out its key."""
    for link in later:
        tag = link.ledger.tags.get((*link.route, key))
        if tag:
            return tag
    return ""

"""What every target asks of what svc says: a message, and places that are in the files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from svc.diagnostics import Diagnostic, Span
from svc.source import Source, Unreadable, from_stdin


def source(name: str, data: bytes) -> Source | Unreadable:
    return from_stdin(io.BytesIO(data), name=name)


def placed(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> None:
    """Every place is in its file, and no message is empty."""
    lines = {name: one.lines for name, one in sources.items()}
    for one in diagnostics:
        assert one.message.strip(), one
        related = [other.place for other in one.related if not other.note.startswith("generated")]
        for place in (one.place, *related):
            for span in (place.span, place.outer):
                if span is not None and place.file in lines:
                    assert inside(span, lines[place.file]), (place, one)


def inside(span: Span, lines: list[str]) -> bool:
    """Whether a stretch of a text is one: in its lines, and from its beginning to its end."""
    if not 1 <= span.line <= span.end_line <= len(lines):
        return False
    if not (1 <= span.column <= len(lines[span.line - 1]) + 1 and span.end_column >= 1):
        return False
    return span.end_column <= len(lines[span.end_line - 1]) + 1 and (
        span.line < span.end_line or span.column <= span.end_column
    )

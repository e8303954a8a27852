"""The report that people read: what is wrong, the line with a caret, where the other half is, what to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from svc import visible
from svc.diagnostics import Diagnostic, Place, Severity
from svc.report.form import Run
from svc.source import Source

_COLOURS = {"error": "31", "warning": "33", "info": "36", "bold": "1", "dim": "2"}
_LONGEST = 200
"""Characters of a line that are shown."""


def render(run: Run, *, colour: bool = False) -> str:
    """All diagnostics and a line that counts them; empty when there are none. Known findings are only counted."""
    lines = _Lines(run.sources)
    blocks = ["\n".join(_block(one, lines, colour)) for one in run.diagnostics if not one.known]
    return "\n\n".join([*blocks, _summary(run.diagnostics)]) + "\n" if run.diagnostics else ""


class _Lines(dict[str, "list[str]"]):
    """The lines of files that are spoken of; none where a file is not at hand."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        super().__init__()
        self._sources = sources

    def __missing__(self, name: str) -> list[str]:
        source = self._sources.get(name)
        self[name] = found = source.lines if source is not None else []
        return found


def _paint(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if colour else text


def _block(one: Diagnostic, files: _Lines, colour: bool) -> list[str]:
    word = "waived" if one.waived is not None else one.severity.word
    style = "dim" if one.waived is not None else one.severity.word
    lines = [f"{_paint(f'{word}[{one.id}]', style, colour)}: {_paint(visible.one_line(one.message), 'bold', colour)}"]
    lines.append(visible.one_line(f"  --> {_position(one.place)}"))
    lines += _snippet(one.place, files, colour)
    return [*lines, *(visible.one_line(note) for note in _notes(one))]


def _notes(one: Diagnostic) -> list[str]:
    lines = []
    for related in one.related:
        lines.append(f"  = {related.note}: {_position(related.place)}")
    if one.waived is not None:
        until = f", until {one.waived.until}" if one.waived.until else ""
        owner = f" ({one.waived.owner})" if one.waived.owner else ""
        lines.append(f"  = waived: {one.waived.reason}{owner}{until}")
    if one.help:
        lines.append(f"  = help: {one.help}")
    if one.fix is not None and not one.fix.refused and one.counts:
        lines.append(f"  = fix: svc lint --fix{' --unsafe-fixes' if one.fix.safety == 'unsafe' else ''}")
    return lines


def _position(place: Place) -> str:
    return place.file if place.span is None else f"{place.file}:{place.span.line}:{place.span.column}"


def _snippet(place: Place, files: _Lines, colour: bool) -> list[str]:
    span = place.span
    lines = files[place.file] if span is not None else []
    if span is None or span.line > len(lines):
        return []
    text, start = lines[span.line - 1], span.column - 1
    end = min(span.end_column - 1 if span.end_line == span.line else len(text), len(text))
    if start == end == 0:  # only the line is known
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    text, start, end = _clipped(text, start, end)
    before, marked, after = (visible.one_line(part) for part in (text[:start], text[start:end], text[end:]))
    gutter = len(str(span.line))
    lead = "".join("\t" if char == "\t" else " " for char in before)
    caret = _paint("^" * max(1, len(marked)), "bold", colour)
    return [f"{' ' * gutter} |", f"{span.line} | {before}{marked}{after}", f"{' ' * gutter} | {lead}{caret}"]


def _clipped(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a very long line that the caret is about."""
    if len(text) <= _LONGEST:
        return text, start, end
    first = max(0, min(start - _LONGEST // 4, len(text) - _LONGEST))
    last = first + _LONGEST
    shown = ("..." if first else "") + text[first:last] + ("..." if last < len(text) else "")
    moved = (3 if first else 0) - first
    return shown, start + moved, min(end, last) + moved


def _summary(diagnostics: Sequence[Diagnostic]) -> str:
    counts = []
    for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO):
        number = sum(1 for one in diagnostics if one.counts and one.severity == severity)
        if number:
            counts.append(f"{number} {severity.word}{'s' if number > 1 and severity != Severity.INFO else ''}")
    waived = sum(1 for one in diagnostics if one.waived is not None)
    known = sum(1 for one in diagnostics if one.known)
    counts += [f"{waived} waived"] if waived else []
    counts += [f"{known} in the baseline"] if known else []
    return ", ".join(counts)

"""One line a finding: `file:line:column: severity[id] message`. For editors, grep and diffs."""

from __future__ import annotations

from svc import visible
from svc.diagnostics import Diagnostic
from svc.report.form import Run


def render(run: Run) -> str:
    return "".join(f"{_line(one)}\n" for one in run.diagnostics)


def _line(one: Diagnostic) -> str:
    span = one.place.span
    at = f"{one.place.file}:{span.line}:{span.column}" if span is not None else one.place.file
    word = "waived" if one.waived is not None else "known" if one.known else one.severity.word
    return visible.one_line(f"{at}: {word}[{one.id}] {' '.join(one.message.split())}")

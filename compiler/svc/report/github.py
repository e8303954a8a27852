"""GitHub's workflow commands: annotations at the lines of a pull request.

`::error file=...,line=...,col=...,title=...::message`, escaped as actions/toolkit does it (core/src/command.ts).
"""

from __future__ import annotations

from svc import visible
from svc.diagnostics import Diagnostic, Severity
from svc.report.form import Run

_KEPT = "\t\r\n"
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(run: Run) -> str:
    """Findings that count; waived and known ones annotate nothing."""
    return "".join(f"{_command(one)}\n" for one in run.diagnostics if one.counts)


def _command(one: Diagnostic) -> str:
    properties = {"file": visible.whole(one.place.file)}
    span = one.place.span
    if span is not None:
        properties |= {"line": str(span.line), "endLine": str(span.end_line), "col": str(span.column)}
        if span.end_line == span.line:
            properties["endColumn"] = str(span.end_column)
    properties["title"] = f"svc: {one.id}"
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    text = one.message + (f"\n{one.help}" if one.help else "")
    return f"::{_WORDS[one.severity]} {listed}::{_data(visible.printable(text, _KEPT))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

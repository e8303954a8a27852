"""The JSON report; its schema is `schemas/report.schema.json`."""

from __future__ import annotations

from typing import Any

from svc import visible
from svc.diagnostics import Diagnostic, Place, Span, shown
from svc.fingerprint import fingerprint
from svc.report.form import Run


def render(run: Run) -> str:
    document = {"version": 1, "findings": [_finding(one) for one in run.diagnostics]}
    return visible.as_json(document)


def _finding(one: Diagnostic) -> dict[str, Any]:
    made: dict[str, Any] = {
        "policy": one.id,
        "severity": one.severity.word,
        "message": one.message,
        **_place(one.place),
        "route": shown(one.place.route),
        "fingerprint": fingerprint(one),
        "waived": one.waived is not None,
        "kind": "policy" if one.policy else "problem",
    }
    if one.known:
        made["known"] = True
    if one.environment:
        made["environment"] = one.environment
    if one.help:
        made["help"] = one.help
    if one.fix is not None and one.fix.edits:
        edits = [{**_span(edit.span), "text": edit.text} for edit in one.fix.edits]
        made["fix"] = {"description": one.fix.description, "safety": one.fix.safety, "edits": edits}
    if one.waived is not None:
        made["waiver"] = {"reason": one.waived.reason, "until": one.waived.until, "owner": one.waived.owner}
    if one.related:
        made["related"] = [{"note": related.note, **_place(related.place)} for related in one.related]
    return made


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _place(place: Place) -> dict[str, Any]:
    span = place.span
    return {
        "file": place.file,
        "line": span.line if span is not None else 0,
        "column": span.column if span is not None else 0,
    }

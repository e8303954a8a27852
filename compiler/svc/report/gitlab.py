"""GitLab's code quality report: the CodeClimate subset that merge requests show."""

from __future__ import annotations

from typing import Any

from svc import visible
from svc.diagnostics import Diagnostic, Severity
from svc.fingerprint import distinct
from svc.report.form import Run

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(run: Run) -> str:
    """Findings that count. GitLab wants a begin line for each and every fingerprint once."""
    found = [one for one in run.diagnostics if one.counts]
    issues = [_issue(one, mark) for one, mark in zip(found, distinct(found), strict=True)]
    return visible.as_json(issues)


def _issue(one: Diagnostic, mark: str) -> dict[str, Any]:
    span = one.place.span
    return {
        "description": one.message + (f" ({one.help})" if one.help else ""),
        "check_name": one.id,
        "fingerprint": mark,
        "severity": _SEVERITIES[one.severity],
        "location": {"path": one.place.file, "lines": {"begin": span.line if span is not None else 1}},
    }

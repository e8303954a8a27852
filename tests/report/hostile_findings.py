"""A run of whose findings every part is a text that nobody would write."""

from __future__ import annotations

from svc.diagnostics import Diagnostic, Fix, Place, Related, Replacement, Severity, Span, Waived
from svc.report.form import Run
from svc.source import Source

SPAN = Span(1, 2, 1, 4)


def run_of(text: str) -> Run:
    """The text as everything that a finding says; its file holds it too."""
    place = Place(text, SPAN, (text,))
    one = Diagnostic(
        "image-not-pinned",
        Severity.ERROR,
        text,
        place,
        text,
        (Related(text, place),),
        policy=True,
        environment=text,
        identity=text,
        fix=Fix("safe", text, (Replacement(SPAN, text),)),
        whose=text,
    )
    waived = Diagnostic("host-path", Severity.ERROR, text, place, policy=True, waived=Waived(text, text, text))
    problem = Diagnostic("no-policy-of-this-name", Severity.ERROR, text, Place(text))
    return Run((one, waived, problem), {text: Source(text, f"a{text}")})

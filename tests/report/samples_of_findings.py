"""Diagnostics of every kind that a report has to show."""

from __future__ import annotations

from svc.diagnostics import Diagnostic, Place, Related, Severity, Span, Waived
from svc.source import Source

HOSTILE = "a <b> & \"c\" 'd' % ::error:: \x07 \r\n ]]> \u2028 naïve, 100%"

SOURCES = {"k8s/web.yaml": Source("k8s/web.yaml", "kind: Pod\nspec:\n  image: nginx\n")}

FINDINGS = (
    Diagnostic("file-missing", Severity.ERROR, "no such file", Place("gone.yaml")),
    Diagnostic(
        "image-not-pinned",
        Severity.ERROR,
        HOSTILE,
        Place("k8s/web.yaml", Span(3, 10, 3, 15), ("spec", "image")),
        "Write the image as name:tag@sha256:...",
        (Related("the other one", Place("k8s/web.yaml", Span(1, 1, 1, 5))),),
        policy=True,
    ),
    Diagnostic(
        "image-not-pinned",
        Severity.ERROR,
        "again",
        Place("k8s/web.yaml", Span(3, 10, 3, 15), ("spec", "image")),
        policy=True,
    ),
    Diagnostic(
        "host-path",
        Severity.WARNING,
        "a path of the node",
        Place("k8s/web.yaml", Span(2, 1, 2, 5), ("spec",)),
        policy=True,
        waived=Waived("ADR 12", "2027-03-31", "web"),
    ),
    Diagnostic(
        "host-path",
        Severity.INFO,
        "an old one",
        Place("/abs/odd name#1.yaml", Span(2, 1, 4, 5), ("spec",)),
        policy=True,
        known=True,
    ),
)

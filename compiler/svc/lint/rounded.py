"""Versions in workflows that YAML takes for numbers: `3.10` is 3.1, and `3.0` is 3."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Diagnostic, Route, Severity
from svc.parse import Document
from svc.patterns import regex

_ZERO = regex(r"[1-9][0-9]*\.[0-9]*0")
_SOMEWHERE = regex(r"(?<![\w.'\"-])[1-9][0-9]*\.[0-9]*0(?![\w.'\"-])")


def problems(document: Document) -> Iterator[Diagnostic]:
    if _SOMEWHERE.search(document.source.text) is None:
        return
    for route in document.nodes:
        text = document.text(route) if _is_version(route) else None
        value = document.get(route) if text and _ZERO.fullmatch(text) else None
        if isinstance(value, float):
            message = f"`{text}` is the number {value:g}: without quotes, the 0 at its end is lost"
            place = document.place(route)
            yield Diagnostic(
                "workflow-version-rounded", Severity.WARNING, message, place, f'put it in quotes: "{text}"'
            )


def _is_version(route: Route) -> bool:
    """Values of a matrix, and what a name says to be a version: of an input, a variable or a default."""
    if route[:1] == ("jobs",) and route[2:4] == ("strategy", "matrix"):
        return True
    named = route[-2:-1] if route[-1:] == ("default",) else route[-1:] if {"env", "with"} & set(route[-2:-1]) else ()
    return bool(named) and "version" in str(named[0]).lower()

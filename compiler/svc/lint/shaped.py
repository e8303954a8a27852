"""Workflows, actions and compose files whose programs would refuse them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Diagnostic, Problem
from svc.lint.linted import Linted
from svc.parse import Document


def problems(linted: Linted) -> list[Diagnostic]:
    """Each at its place. Workflows that call each other are seen when both are in the run."""
    workflows = {document.source.name: document.data for kind, document in linted.shaped if kind == "github"}

    def called(path: str) -> Mapping[str, Any] | None:
        found = [data for name, data in workflows.items() if name == path or name.endswith(f"/{path}")]
        return found[0] if len(found) == 1 else None

    return [
        Diagnostic(one.id, one.severity, one.message, document.place(one.route, one.anchor), one.help)
        for kind, document in linted.shaped
        for one in _judged(kind, document, called)
    ]


def _judged(kind: str, document: Document, called: Any) -> Iterator[Problem]:
    if kind == "compose":
        from svc.targets.compose.schema import problems as compose

        return compose(document.data)
    from svc.workflows import check

    return check.composite(document.data) if kind == "action" else check.workflow(document.data, called)

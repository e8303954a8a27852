"""Workflows, actions and compose files whose programs would refuse them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svc.diagnostics import Diagnostic, Problem
from svc.lint.linted import Linted
from svc.parse import Document
from svc.workflows.beyond import Beyond


def problems(linted: Linted) -> list[Diagnostic]:
    """Each at its place. What a workflow calls in its own repository is read as well."""
    from svc.lint import anchors, repository

    beyond = repository.around(linted)
    found = [
        Diagnostic(one.id, one.severity, one.message, document.place(one.route, one.anchor, one.within), one.help)
        for kind, document in linted.shaped
        for one in _judged(kind, document, beyond)
    ]
    written = [
        one for kind, document in linted.shaped if kind != "compose" for one in anchors.problems(document.source)
    ]
    return found + written


def _judged(kind: str, document: Document, beyond: Callable[[Document], Beyond]) -> Iterator[Problem]:
    if kind == "compose":
        from svc.targets.compose.schema import problems as compose

        return compose(document.data, document.source.name)
    from svc.workflows import check

    judge = check.composite if kind == "action" else check.workflow
    return judge(document.data, beyond(document))

"""Workflows, actions and compose files whose programs would refuse them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from svc.diagnostics import Diagnostic, Problem
from svc.lint.linted import Linted
from svc.parse import Document
from svc.workflows.beyond import Beyond


def problems(linted: Linted) -> list[Diagnostic]:
    """Each at its place. What a workflow calls in its own repository, and what compose files are laid over, is read as
    well, once."""
    from svc.lint import anchors, repository, rounded

    beyond, read = repository.around(linted), cache(repository.data_of)
    found = [
        Diagnostic(one.id, one.severity, one.message, document.place(one.route, one.anchor, one.within), one.help)
        for kind, document in linted.shaped
        for one in (_compose(document, linted, read) if kind == "compose" else _judged(kind, document, beyond))
    ]
    written = [
        one
        for kind, document in linted.shaped
        if kind != "compose"
        for one in (*anchors.problems(document.source), *rounded.problems(document))
    ]
    return found + written


def _compose(document: Document, linted: Linted, read: Callable[[Path], object]) -> Iterator[Problem]:
    """What a file names may be declared in the one that it is laid over, which may lie elsewhere."""
    from svc.lint import laid_over
    from svc.targets.compose import schema

    name = document.source.name
    file = linted.files.get(name)
    over = laid_over.below(file) if file is not None and laid_over.may_be(file.name) else []
    below = [read(path) for path in over if path.is_file()]
    elsewhere = None in below or (not below and laid_over.by_name(name))
    return schema.problems(document.data, None if elsewhere else below)


def _judged(kind: str, document: Document, beyond: Callable[[Document], Beyond]) -> Iterator[Problem]:
    from svc.workflows import check

    judge = check.composite if kind == "action" else check.workflow
    return judge(document.data, beyond(document))

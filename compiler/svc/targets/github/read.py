"""A workflow from its text: what proves the rendered file, and what `svc lint` reads."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.parse import Document
from svc.targets.github.types import Workflow
from svc.tree import Tree


def read_workflow(document: Document, path: str = "") -> Workflow:
    """Any document makes a workflow; whether it is a sound one is for checks and the schema. Origins are own routes."""
    tree = Tree(document.data, {route: route for route in document.nodes})
    return Workflow(path or document.source.name, tree, notes=_notes(document))


def _notes(document: Document) -> dict[Route, str]:
    """The comments behind `uses`, which say what a commit is."""
    lines = document.source.lines
    found = {}
    for route in document.nodes:
        span = document.place(route).span if route[-1:] == ("uses",) else None
        if span is not None and span.end_line == span.line <= len(lines):
            rest = lines[span.line - 1][span.end_column - 1 :].strip()
            if rest.startswith("#"):
                found[route] = rest.lstrip("# ")
    return found

"""A workflow from its text: what proves the rendered file, and what `svc lint` reads."""

from __future__ import annotations

from svc.parse import Document
from svc.targets.github.types import Workflow
from svc.tree import Tree


def read_workflow(document: Document, path: str = "") -> Workflow:
    """Any document makes a workflow; whether it is a sound one is for checks and the schema. Origins are own routes."""
    return Workflow(path or document.source.name, Tree(document.data, {route: route for route in document.nodes}))

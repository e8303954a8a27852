"""A compose file's text to data."""

from __future__ import annotations

from svc.diagnostics import Diagnostic
from svc.parse import parse_one
from svc.source import Source
from svc.targets.compose.types import ComposeFile
from svc.tree import Tree


def read_compose(source: Source) -> tuple[ComposeFile, tuple[Diagnostic, ...]]:
    parsed = parse_one(source)
    data = parsed.documents[0].data if parsed.documents else {}
    return ComposeFile(Tree(data if isinstance(data, dict) else {})), parsed.problems

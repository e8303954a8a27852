"""Embedded proof: the file read back is the artifact, and fits the Compose Specification's schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from svc import tools
from svc.diagnostics import Diagnostic
from svc.source import Source
from svc.targets.compose.read import read_compose
from svc.targets.compose.render import example, render
from svc.targets.compose.schema import schema_errors
from svc.targets.compose.types import KEY, ComposeArtifact, ComposeFile
from svc.targets.protocol import Fault, Files, Judgement
from svc.tree import Tree
from svc.yaml_plain import doubtful, loaded


def verify(artifact: ComposeArtifact, files: Files) -> tuple[Fault, ...]:
    found, problems = _read(artifact.path, files[artifact.path])
    faults = [Fault("read-back", artifact.path, 1, one.message) for one in problems]
    if found != artifact.file:
        faults.append(Fault("read-back", artifact.path, 1, "the file read back is not the artifact"))
    word = doubtful(files[artifact.path])
    if word:
        faults.append(Fault("read-back", artifact.path, 1, f"`{word}` without quotes is no text in YAML 1.1"))
    if artifact.example_path in files and files[artifact.example_path] != example(artifact):
        faults.append(Fault("read-back", artifact.example_path, 1, "the file is not the artifact"))
    return (*faults, *_schema(artifact, found.tree.data))


def _read(path: str, text: str) -> tuple[ComposeFile, tuple[Diagnostic, ...]]:
    quick = loaded(text)
    if quick is not None and len(quick) == 1 and isinstance(quick[0], dict):
        return ComposeFile(Tree(quick[0])), ()
    return read_compose(Source(path, text))


def judge(
    _artifacts: Sequence[ComposeArtifact],
    _root: Path,
    /,
    box: tools.Toolbox | None = None,  # noqa: ARG001
) -> tuple[Judgement, ...]:
    """`docker compose config` would need Docker; the schema check is embedded."""
    return ()


def _schema(artifact: ComposeArtifact, data: Any) -> list[Fault]:
    errors = schema_errors(data)
    if not errors:
        return []
    lines = render(artifact)
    faults = []
    for route, message in errors:
        place = lines.line(KEY, route)
        faults.append(Fault("schema", artifact.path, place[1] if place else 1, message))
    return faults

"""Embedded proof: the file read back is the artifact, and fits the Compose Specification's schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from svc import assets, tools
from svc.source import Source
from svc.targets.compose.read import read_compose
from svc.targets.compose.render import KEY, example, render
from svc.targets.compose.types import ComposeArtifact
from svc.targets.protocol import Fault, Files, Judgement


def verify(artifact: ComposeArtifact, files: Files) -> tuple[Fault, ...]:
    found, problems = read_compose(Source(artifact.path, files[artifact.path]))
    faults = [Fault("read-back", artifact.path, 1, one.message) for one in problems]
    if found != artifact.file:
        faults.append(Fault("read-back", artifact.path, 1, "the file read back is not the artifact"))
    if artifact.example_path in files and files[artifact.example_path] != example(artifact):
        faults.append(Fault("read-back", artifact.example_path, 1, "the file is not the artifact"))
    return (*faults, *_schema(artifact, found.tree.data))


def judge(_artifact: ComposeArtifact, _root: Path, /, box: tools.Toolbox | None = None) -> tuple[Judgement, ...]:  # noqa: ARG001
    """`docker compose config` would need Docker; the schema check is embedded."""
    return ()


def _schema(artifact: ComposeArtifact, data: Any) -> list[Fault]:
    import jsonschema

    schema = json.loads((assets.schemas() / "compose" / "compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    lines = render(artifact)
    faults = []
    for error in validator.iter_errors(data):
        place = lines.line(KEY, tuple(error.absolute_path))
        faults.append(Fault("schema", artifact.path, place[1] if place else 1, error.message))
    return faults

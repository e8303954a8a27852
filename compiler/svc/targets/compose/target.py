"""compose.yaml for local work, and the example of the .env that it reads."""

from __future__ import annotations

from collections.abc import Sequence

from svc.resolve.unit import LOCAL, Unit
from svc.targets.compose.lower import lower
from svc.targets.compose.render import KEY, render
from svc.targets.compose.types import ComposeArtifact
from svc.targets.compose.verify import judge, verify
from svc.targets.protocol import Subject

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]

NAME = "compose"


def subjects(artifact: ComposeArtifact) -> Sequence[Subject]:
    return (Subject("compose", KEY, artifact.path, artifact.file, LOCAL),)


def homes(unit: Unit) -> tuple[str, ...]:
    return (unit.path("compose.yaml"), unit.path(".env.example"))

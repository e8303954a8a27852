"""compose.yaml for local work, and the example of the .env that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svc.resolve.unit import LOCAL, Unit
from svc.targets.compose.lower import lower
from svc.targets.compose.types import KEY, ComposeArtifact
from svc.targets.protocol import Fault, Files, Judgement, Rendered, Subject
from svc.tools import Toolbox

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]

NAME = "compose"


def subjects(artifact: ComposeArtifact) -> Sequence[Subject]:
    return (Subject("compose", KEY, artifact.path, artifact.file, LOCAL),)


def homes(unit: Unit) -> tuple[str, ...]:
    return (unit.path("compose.yaml"), unit.path(".env.example"))


def render(artifact: ComposeArtifact, /) -> Rendered:
    from svc.targets.compose.render import render as work

    return work(artifact)


def verify(artifact: ComposeArtifact, files: Files, /) -> tuple[Fault, ...]:
    from svc.targets.compose.verify import verify as work

    return work(artifact, files)


def judge(artifacts: Sequence[ComposeArtifact], root: Path, /, box: Toolbox | None = None) -> tuple[Judgement, ...]:
    from svc.targets.compose.verify import judge as work

    return work(artifacts, root, box)

"""GitHub Actions: one workflow per service, lowered from the vendor-neutral delivery pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svc.resolve.unit import Unit
from svc.targets.github.lower import lower
from svc.targets.github.types import FOLDER, Workflow
from svc.targets.protocol import Fault, Files, Judgement, Rendered, Subject
from svc.tools import Toolbox

NAME = "github"

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]


def subjects(artifact: Sequence[Workflow], /) -> Sequence[Subject]:
    return tuple(Subject("github", one.path, one.name, one) for one in artifact)


def homes(unit: Unit) -> tuple[str, ...]:
    return (f"{FOLDER}/{unit.name}.yaml",)


def render(artifact: Sequence[Workflow], /) -> Rendered:
    from svc.targets.github.render import render as work

    return work(artifact)


def verify(artifact: Sequence[Workflow], files: Files, /) -> tuple[Fault, ...]:
    from svc.targets.github.verify import verify as work

    return work(artifact, files)


def judge(artifacts: Sequence[Sequence[Workflow]], root: Path, /, box: Toolbox | None = None) -> tuple[Judgement, ...]:
    from svc.targets.github.judge import judge as work

    return work(artifacts, root, box)

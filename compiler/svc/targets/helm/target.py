"""A Helm chart whose templates give, for every environment, exactly the objects that the policies judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svc.resolve.unit import Unit
from svc.targets.helm.lower import lower
from svc.targets.helm.types import Chart
from svc.targets.protocol import Fault, Files, Judgement, Rendered, Subject
from svc.tools import Toolbox

NAME = "helm"

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]


def subjects(artifact: Chart | None, /) -> Sequence[Subject]:
    """Every object in every environment, and the chart."""
    if artifact is None:
        return ()
    objects = [
        Subject(
            "kubernetes",
            f"{one.name}/{manifest.kind}/{manifest.name}",
            f"{manifest.kind}/{manifest.name}",
            manifest,
            one.name,
        )
        for one in artifact.environments
        for manifest in one.manifests
    ]
    return (*objects, Subject("helm", "chart", artifact.path("Chart.yaml"), artifact))


def homes(unit: Unit) -> tuple[str, ...]:
    return (unit.path("chart"),)


def render(artifact: Chart | None, /) -> Rendered:
    from svc.targets.helm.render import render as work

    return work(artifact)


def verify(artifact: Chart | None, files: Files, /) -> tuple[Fault, ...]:
    from svc.targets.helm.verify import verify as work

    return work(artifact, files)


def judge(artifacts: Sequence[Chart | None], root: Path, /, box: Toolbox | None = None) -> tuple[Judgement, ...]:
    from svc.targets.helm.judge import judge as work

    return work(artifacts, root, box)

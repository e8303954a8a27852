"""A Helm chart whose templates give, for every environment, exactly the objects that the policies judged."""

from __future__ import annotations

from collections.abc import Sequence

from svc.resolve.unit import Unit
from svc.targets.helm.judge import judge
from svc.targets.helm.lower import lower
from svc.targets.helm.render import render
from svc.targets.helm.types import Chart
from svc.targets.helm.verify import verify
from svc.targets.protocol import Subject

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

"""Terraform: what a service owns in the cloud, as one module with values per environment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svc.resolve.unit import Unit
from svc.targets.protocol import Fault, Files, Judgement, Rendered, Subject
from svc.targets.terraform.lower import lower
from svc.targets.terraform.types import KEY, Module
from svc.tools import Toolbox

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]

NAME = "terraform"


def subjects(artifact: Module) -> Sequence[Subject]:
    return (Subject("terraform", KEY, artifact.path, artifact),) if artifact.files else ()


def homes(unit: Unit) -> tuple[str, ...]:
    return (unit.path("terraform"),)


def render(artifact: Module, /) -> Rendered:
    from svc.targets.terraform.render import render as work

    return work(artifact)


def verify(artifact: Module, files: Files, /) -> tuple[Fault, ...]:
    from svc.targets.terraform.verify import verify as work

    return work(artifact, files)


def judge(artifacts: Sequence[Module], root: Path, /, box: Toolbox | None = None) -> tuple[Judgement, ...]:
    from svc.targets.terraform.judge import judge as work

    return work(artifacts, root, box)

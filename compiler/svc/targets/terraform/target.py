"""Terraform: what a service owns in the cloud, as one module with values per environment."""

from __future__ import annotations

from collections.abc import Sequence

from svc.resolve.unit import Unit
from svc.targets.protocol import Subject
from svc.targets.terraform.judge import judge
from svc.targets.terraform.lower import lower
from svc.targets.terraform.render import KEY, render
from svc.targets.terraform.types import Module
from svc.targets.terraform.verify import verify

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]

NAME = "terraform"


def subjects(artifact: Module) -> Sequence[Subject]:
    return (Subject("terraform", KEY, artifact.path, artifact),) if artifact.files else ()


def homes(unit: Unit) -> tuple[str, ...]:
    return (unit.path("terraform"),)

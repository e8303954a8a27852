"""GitHub Actions: one workflow per service, lowered from the vendor-neutral delivery pipeline."""

from svc.resolve.unit import Unit
from svc.targets.github.judge import judge
from svc.targets.github.lower import lower
from svc.targets.github.render import render, subjects
from svc.targets.github.types import FOLDER
from svc.targets.github.verify import verify

NAME = "github"

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]


def homes(unit: Unit) -> tuple[str, ...]:
    return (f"{FOLDER}/{unit.name}.yaml",)

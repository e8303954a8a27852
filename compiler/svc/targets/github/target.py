"""GitHub Actions: one workflow per service, lowered from the vendor-neutral delivery pipeline."""

from svc.targets.github.judge import judge
from svc.targets.github.lower import lower
from svc.targets.github.render import render, subjects
from svc.targets.github.verify import verify

NAME = "github"

__all__ = ["NAME", "judge", "lower", "render", "subjects", "verify"]

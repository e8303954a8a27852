"""A called workflow gets every secret there is."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        if job.data.get("secrets") == "inherit":
            yield (*job.route, "secrets"), f"job `{job.id}` hands over every secret of the repository"

"""A job that may hang for six hours."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        if job.timeout is None and job.workflow is None:
            yield job.route, f"job `{job.id}` has no timeout-minutes; the default is six hours"

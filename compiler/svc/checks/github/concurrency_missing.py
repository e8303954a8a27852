"""Two runs of one workflow may overlap. What only other workflows call runs in their groups."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if set(workflow.triggers) == {"workflow_call"}:
        return
    if workflow.concurrency is None and not all(job.concurrency is not None for job in workflow.jobs):
        yield (), "runs of this workflow may overlap: there is no concurrency group"

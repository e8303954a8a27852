"""Two runs of one workflow may overlap."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if workflow.concurrency is None and not all(job.concurrency is not None for job in workflow.jobs):
        yield (), "runs of this workflow may overlap: there is no concurrency group"

"""A job whose token has whatever the repository's settings give it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if workflow.permissions is not None or "permissions" in workflow.data:
        return
    jobs = [job for job in workflow.jobs if "permissions" not in job.data]
    if len(jobs) == len(workflow.jobs) and jobs:
        yield ("jobs",), "no permissions are declared: the token may have write access to everything"
        return
    for job in jobs:
        yield job.route, f"job `{job.id}` declares no permissions: its token may have write access to everything"

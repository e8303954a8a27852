"""A machine of one's own that strangers' pull requests may use."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.names import runners


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    events = [event for event in ("pull_request", "pull_request_target") if event in workflow.triggers]
    for job in workflow.jobs:
        own = (at for at, label in runners(job.data, job.route) if label.lower() == "self-hosted")
        at = next(own, None) if events else None
        if at is not None:
            at = at if "matrix" in at else (*job.route, "runs-on")
            yield at, f"job `{job.id}` runs `{events[0]}` on a machine that stays"

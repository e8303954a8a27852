"""A machine of one's own that strangers' pull requests may use."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    events = [event for event in ("pull_request", "pull_request_target") if event in workflow.triggers]
    for job in workflow.jobs:
        if events and "self-hosted" in job.runs_on:
            yield (*job.route, "runs-on"), f"job `{job.id}` runs `{events[0]}` on a machine that stays"

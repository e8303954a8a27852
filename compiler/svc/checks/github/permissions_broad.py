"""A token that may write everything, or that all jobs may write with."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    workflow_level: bool = False
    read_all: bool = False


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    places: list[tuple[Route, object, bool]] = [(("permissions",), workflow.permissions, True)]
    places += [((*job.route, "permissions"), job.permissions, False) for job in workflow.jobs]
    for route, permissions, shared in places:
        if permissions == "write-all" and not params.read_all:
            yield route, "the token may write everything"
        elif permissions == "read-all" and params.read_all:
            yield route, "the token may read everything in the repository"
        elif shared and params.workflow_level and isinstance(permissions, dict) and len(workflow.jobs) > 1:
            for scope, access in permissions.items():
                if access == "write" and not all("permissions" in job.data for job in workflow.jobs):
                    yield (*route, scope), f"every job may write `{scope}`; give it to the job that does"

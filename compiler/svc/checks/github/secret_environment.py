"""A job uses secrets of the repository, that no environment protects."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import expressions, tree
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route, Within
from svc.targets.github.types import Job, Workflow
from svc.tree import walk
from svc.workflows.nodes import paths


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        if job.workflow is not None or "environment" in job.data:
            continue
        used = min(_used(job), default=None)
        if used is not None:
            message = f"job `{job.id}` uses `{used[0]}` without an environment that says who may"
            yield (*job.route, *used[2]), message, used[3]


def _used(job: Job) -> Iterator[tuple[str, int, Route, Within]]:
    """The secrets that a job uses, each with its number in the file's order and its place in the job."""
    number = 0
    for route, text in walk(job.data):
        for one in expressions(text) if isinstance(text, str) else ():
            node = tree(one.text)
            for path in paths(node) if node is not None else ():
                if path.partition(".")[0] == "secrets" and path != "secrets.github_token":
                    number += 1
                    yield path, number, route, one.within

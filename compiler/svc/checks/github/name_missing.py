"""A workflow or job without a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if "name" not in workflow.data and "updates" not in workflow.data:
        yield (), "the workflow has no name"

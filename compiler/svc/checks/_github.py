"""What workflow checks share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Route
from svc.targets.github.types import Step, Workflow

Found = tuple[Route, str]

UNTRUSTED_EVENTS = (
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "issues",
    "discussion",
    "discussion_comment",
)


def scripts(workflow: Workflow) -> Iterator[tuple[Route, str]]:
    """Every text that runs as a program: `run`, and the `script` of actions/github-script."""
    for step in workflow.steps:
        if step.run:
            yield (*step.route, "run"), step.run
        if action(step) == "actions/github-script" and isinstance(step.inputs.get("script"), str):
            yield (*step.route, "with", "script"), step.inputs["script"]


def environments(workflow: Workflow) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    """The variables of the workflow, of its jobs and of its steps."""
    yield ("env",), workflow.env
    for job in workflow.jobs:
        yield (*job.route, "env"), job.env
    for step in workflow.steps:
        yield (*step.route, "env"), step.env


def action(step: Step) -> str:
    """`owner/name` of the step's action in lower case, "" for a script."""
    return step.uses.name.lower() if step.uses else ""


def is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")

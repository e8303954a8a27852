"""Features that are there for what was, and are easily used wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        if step.action == "actions/setup-python" and "pip-install" in step.inputs:
            yield (*step.route, "with", "pip-install"), "packages are installed into the machine's own Python"
    for route, shell in _shells(workflow):
        if isinstance(shell, str) and shell.strip().lower().split(" ")[0] == "cmd":
            yield route, "cmd goes on after a command that fails, and has no quoting that holds"


def _shells(workflow: Workflow) -> Iterator[tuple[Route, object]]:
    for route, data in [((), workflow.data), *((job.route, job.data) for job in workflow.jobs)]:
        defaults = data.get("defaults")
        run = defaults.get("run") if isinstance(defaults, dict) else None
        if isinstance(run, dict):
            yield (*route, "defaults", "run", "shell"), run.get("shell")
    for step in workflow.steps:
        yield (*step.route, "shell"), step.data.get("shell")

"""An action that installs a program, and is not told which version."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow

_VERSIONS = {
    "1password/load-secrets-action": "version",
    "aquasecurity/setup-trivy": "version",
    "extractions/setup-crate": "version",
    "extractions/setup-just": "just-version",
}


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        name = _VERSIONS.get(step.action, "")
        if name and name not in step.inputs:
            yield (*step.route, "uses"), f"`{step.action}` installs whatever version there is: it has no `{name}`"
        elif name and str(step.inputs[name]).strip() in ("", "*", "latest"):
            yield (*step.route, "with", name), f"`{step.action}` installs whatever version there is"

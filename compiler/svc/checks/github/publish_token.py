"""A package index gets a token that never expires, where it would trust the workflow itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._github import Found, action, environments
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow

INPUTS = {"pypa/gh-action-pypi-publish": "password", "rubygems/release-gem": "token"}
VARIABLES = {
    "CARGO_REGISTRY_TOKEN": r"\bcargo\s+publish\b",
    "NODE_AUTH_TOKEN": r"\b(npm|pnpm)\s+publish\b",
    "NPM_TOKEN": r"\b(npm|pnpm)\s+publish\b",
    "TWINE_PASSWORD": r"\btwine\s+upload\b",
    "UV_PUBLISH_TOKEN": r"\buv\s+publish\b",
}


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        name = INPUTS.get(action(step), "")
        if name in step.inputs and _kept(step.inputs[name]):
            yield (*step.route, "with", name), f"`{action(step)}` publishes with a token that never expires"
    run = "\n".join(step.run for step in workflow.steps)
    for route, env in environments(workflow):
        for name in sorted(VARIABLES.keys() & set(env)):
            if _kept(env[name]) and re.search(VARIABLES[name], run):
                yield (*route, name), f"`{name}` is a token that never expires"


def _kept(value: object) -> bool:
    return "secrets." in str(value) and "secrets.GITHUB_TOKEN" not in str(value)

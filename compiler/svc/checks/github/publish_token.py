"""A package index gets a token that never expires, where it would trust the workflow itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._github import Found, environments
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.github.types import Workflow

INPUTS = {
    "pypa/gh-action-pypi-publish": "password",
    "rubygems/configure-rubygems-credentials": "api-token",
    "rubygems/release-gem": "token",
}
ELSEWHERE = ("repository-url", "repository_url", "gem-server")
"""Inputs that name another index, which may know no trust."""
TRUSTING = ("upload.pypi.org", "test.pypi.org", "//rubygems.org")
VARIABLES = {
    "CARGO_REGISTRY_TOKEN": r"\bcargo\s+publish\b",
    "NODE_AUTH_TOKEN": r"\b(npm|pnpm)\s+publish\b",
    "NPM_TOKEN": r"\b(npm|pnpm)\s+publish\b",
    "TWINE_PASSWORD": r"\btwine\s+upload\b",
    "UV_PUBLISH_TOKEN": r"\buv\s+publish\b",
}

_DRY = regex(r"\s(--dry-run|-n)\b")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        name = INPUTS.get(step.action, "")
        if any(key in step.inputs and not _trusting(step.inputs[key]) for key in ELSEWHERE):
            continue
        if name in step.inputs and _kept(step.inputs[name]):
            yield (*step.route, "with", name), f"`{step.action}` publishes with a token that never expires"
    for route, env in environments(workflow):
        if VARIABLES.keys().isdisjoint(env):
            continue
        below = [step for step in workflow.steps if step.route[: len(route) - 1] == route[:-1]]
        run = "\n".join(line for step in below for line in _lines(step.run) if not _DRY.search(line))
        for name in sorted(VARIABLES.keys() & set(env)):
            if _kept(env[name]) and re.search(VARIABLES[name], run) and not _other_registry(workflow, route):
                yield (*route, name), f"`{name}` is a token that never expires"


def _lines(script: str) -> list[str]:
    return script.replace("\\\n", " ").split("\n")


def _other_registry(workflow: Workflow, route: Route) -> bool:
    """Whether the last setup of Node above a step names another registry than npm's."""
    above = [step for step in workflow.steps if step.route[:2] == route[:2] and step.route < route]
    named = [str(s.inputs.get("registry-url", "")) for s in above if s.action == "actions/setup-node"]
    return bool(named) and bool(named[-1]) and "registry.npmjs.org" not in named[-1]


def _trusting(index: object) -> bool:
    return any(one in str(index) for one in TRUSTING)


def _kept(value: object) -> bool:
    return "secrets." in str(value) and "secrets.GITHUB_TOKEN" not in str(value)

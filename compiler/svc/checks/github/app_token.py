"""A token of a GitHub App with everything that the App may."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, action
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        if action(step) != "actions/create-github-app-token":
            continue
        if not any(name.startswith("permission-") for name in step.inputs):
            yield step.route, "the token has every permission of the App"
        if "owner" in step.inputs and "repositories" not in step.inputs:
            yield (*step.route, "with", "owner"), "the token is for every repository of the owner"
        if str(step.inputs.get("skip-token-revoke", "")).lower() == "true":
            yield (*step.route, "with", "skip-token-revoke"), "the token outlives the job"

"""A token of a GitHub App with everything that the App may."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, is_false
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow

_OF_OWNER = frozenset(
    (
        "custom-properties-for-organizations", "enterprise-custom-properties-for-organizations", "members",
        "organization-administration", "organization-announcement-banners",
        "organization-copilot-seat-management", "organization-custom-org-roles", "organization-custom-properties",
        "organization-custom-roles", "organization-events", "organization-hooks", "organization-packages",
        "organization-personal-access-token-requests", "organization-personal-access-tokens", "organization-plan",
        "organization-projects", "organization-secrets", "organization-self-hosted-runners",
        "organization-user-blocking",
    )
)  # fmt: skip
"""Permissions of an organisation, which mean nothing in a repository."""


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        if step.action != "actions/create-github-app-token" or isinstance(step.data.get("with"), str):
            continue
        given = {name.removeprefix("permission-") for name in step.inputs if name.startswith("permission-")}
        if not given:
            yield (*step.route, "uses"), "the token has every permission of the App"
        if "owner" in step.inputs and "repositories" not in step.inputs and not (given and given <= _OF_OWNER):
            yield (*step.route, "with", "owner"), "the token is for every repository of the owner"
        if not is_false(step.inputs.get("skip-token-revoke", False)):
            yield (*step.route, "with", "skip-token-revoke"), "the token outlives the job"

"""The checkout leaves the token in .git/config, where every later step and every uploaded artifact has it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, action, is_false
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step in workflow.steps:
        if action(step) == "actions/checkout" and not is_false(step.inputs.get("persist-credentials")):
            route = (*step.route, "with", "persist-credentials") if "persist-credentials" in step.inputs else step.route
            yield route, "the checkout leaves its token in .git/config"

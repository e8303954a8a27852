"""An action whose runtime GitHub has removed."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.contexts import popular


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    outdated = frozenset(popular()["outdated"]) if workflow.uses else frozenset()
    for uses in workflow.uses:
        if uses.text.lower() in outdated:
            yield uses.route, f"`{uses.text}` runs on a version of Node that GitHub has removed"

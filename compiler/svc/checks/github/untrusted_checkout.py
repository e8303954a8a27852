"""Code of a stranger's pull request is checked out where the token can write and secrets can be read."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.github.types import Workflow

FOREIGN = regex(
    r"github\.head_ref|github\.event\.pull_request\.(head|merge_commit_sha)|github\.event\.workflow_run\.head"
    r"|github\.event\.number|github\.event\.issue\.number|refs/pull/"
)
FOREIGN_SCRIPT = regex(r"\bgh pr checkout\b|git (fetch|checkout|pull)\b[^\n]*(refs/pull/|pull/\$|head\.sha|head_ref)")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if not any(event in workflow.triggers for event in ("pull_request_target", "workflow_run", "issue_comment")):
        return
    for step in workflow.steps:
        for field in ("ref", "repository"):
            value = step.inputs.get(field)
            if step.action == "actions/checkout" and isinstance(value, str) and FOREIGN.search(value):
                yield (*step.route, "with", field), "a stranger's code is checked out with this repository's rights"
        found = FOREIGN_SCRIPT.search(step.run)
        if found is not None:
            message = "a stranger's code is checked out with this repository's rights"
            yield (*step.route, "run"), message, found.span()

"""A job uses secrets of the repository, that no environment protects."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import expressions, tree
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.tree import walk
from svc.workflows.expression import paths


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        if job.workflow is not None or "environment" in job.data:
            continue
        texts = [text for _, text in walk(job.data) if isinstance(text, str)]
        nodes = [tree(one.text) for text in texts for one in expressions(text)]
        used = {
            path for node in nodes if node is not None for path in paths(node) if path.partition(".")[0] == "secrets"
        }
        used -= {"secrets.github_token"}
        if used:
            yield job.route, f"job `{job.id}` uses `{min(used)}` without an environment that says who may"

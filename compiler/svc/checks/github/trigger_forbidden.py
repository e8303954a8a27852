"""A trigger that runs with the repository's rights on what strangers send."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    events: tuple[str, ...] = ("pull_request_target",)


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for event in params.events:
        if event in workflow.triggers and not _labels_only(workflow):
            yield workflow.trigger_route(event), f"`{event}` runs with this repository's rights on what strangers send"


def _labels_only(workflow: Workflow) -> bool:
    """Whether all that runs is GitHub's own labeler, which is made for that."""
    return len(workflow.steps) == 1 and len(workflow.jobs) == 1 and workflow.steps[0].action == "actions/labeler"

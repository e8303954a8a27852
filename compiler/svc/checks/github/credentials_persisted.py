"""The checkout leaves the token in .git/config, where every later step and every uploaded artifact has it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, is_false
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    """`explicit`: also where somebody wrote that it stays, as a job does that pushes."""

    explicit: bool = False


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for step in workflow.steps:
        if step.action != "actions/checkout" or isinstance(step.data.get("with"), str):
            continue
        said = step.inputs.get("persist-credentials")
        if said is None:
            yield step.route, "the checkout leaves its token in .git/config"
        elif params.explicit and not is_false(said):
            yield (*step.route, "with", "persist-credentials"), "the checkout leaves its token in .git/config"

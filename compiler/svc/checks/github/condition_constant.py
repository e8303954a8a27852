"""A condition that is always true, or always the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svc.checks._expressions import condition_nodes, condition_tree, conditions
from svc.checks._github import Found
from svc.records import dataclass
from svc.targets.github.types import Workflow
from svc.workflows.expression import OPEN
from svc.workflows.nodes import Call, Name

_READING = frozenset(("always", "cancelled", "failure", "hashfiles", "success"))
"""Functions whose value is not made of their arguments alone."""


@dataclass(frozen=True, slots=True)
class Params:
    """`constant`: conditions that read nothing; without, those that are a text around an expression."""

    constant: bool = False


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for route, text in conditions(workflow):
        whole = condition_tree(text)
        if not params.constant and OPEN in text and (whole is None or text != text.strip()):
            yield route, "the condition is a text around an expression, and a text is always true"
        elif params.constant and whole is not None and (OPEN not in text or text == text.strip()) and _fixed(text):
            yield route, f"the condition `{text.strip()}` is always the same"
    places = [*((job.route, job.data) for job in workflow.jobs), *((step.route, step.data) for step in workflow.steps)]
    for route, data in places if params.constant else ():
        if isinstance(data.get("if"), bool):
            yield (*route, "if"), f"the condition `{str(data['if']).lower()}` is always the same"


@lru_cache(maxsize=1024)
def _fixed(text: str) -> bool:
    return not any(
        isinstance(one, Name) or (isinstance(one, Call) and one.name in _READING) for one in condition_nodes(text)
    )

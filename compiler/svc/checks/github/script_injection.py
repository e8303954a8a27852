"""Text that anybody can write becomes part of a program."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import expressions, tree, unproven, untrusted
from svc.checks._github import Found, scripts
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.github.types import Workflow
from svc.workflows.expression import OPEN
from svc.workflows.expression import Found as Expression
from svc.workflows.nodes import paths


@dataclass(frozen=True, slots=True)
class Params:
    untrusted: bool = True


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for route, text in scripts(workflow):
        found = untrusted(text) if params.untrusted else [*unproven(text), *_filled_in(workflow, route, text)]
        for one in dict.fromkeys(found):
            yield route, f"`{one.text}` is pasted into the program before it runs", one.within


def _filled_in(workflow: Workflow, route: Route, text: str) -> Iterator[Expression]:
    """Values of a matrix that an expression makes: what they are is known when it runs."""
    job = next((one for one in workflow.jobs if one.route == route[:2]), None)
    strategy = job.data.get("strategy") if job is not None else None
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    for expression in expressions(text) if matrix is not None and "matrix." in text else ():
        node = tree(expression.text)
        rows = {one.split(".")[1] for one in paths(node) if one.startswith("matrix.")} if node is not None else set()
        if any(OPEN in str(_values(matrix, row)) for row in rows):
            yield expression


def _values(matrix: object, row: str) -> object:
    """What a row of a matrix holds, with what `include` adds; all of a matrix that is an expression."""
    if not isinstance(matrix, dict):
        return matrix
    include = matrix.get("include")
    added = [one.get(row) for one in include if isinstance(one, dict)] if isinstance(include, list) else include
    return [matrix.get(row), added]

"""Everything that GitHub would refuse, or that can never work, in one workflow or composite action."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from svc import assets
from svc.diagnostics import Problem
from svc.shapes import Shape
from svc.workflows import action, amounts, calls, events, names, structure, twice, values
from svc.workflows.expression import OPEN


def workflow(data: Any, lookup: calls.Lookup) -> Iterator[Problem]:
    """`lookup` finds the other workflows of the repository."""
    shape = [one for one in _shape().problems(data) if not _elsewhere(one)]
    yield from shape
    broken = {one.route for one in shape if one.id == "workflow-type"}
    beyond = (structure.problems(data), amounts.problems(data), twice.problems(data))
    for found in (*beyond, events.problems(data), names.problems(data), calls.problems(data, lookup)):
        yield from (one for one in found if one.route not in broken)
    yield from values.problems(data)


def composite(data: Any) -> Iterator[Problem]:
    yield from action.problems(data)
    yield from values.problems(data, action=True)


@functools.cache
def _shape() -> Shape:
    schema = json.loads((assets.schemas() / "github" / "workflow.json").read_text(encoding="utf-8"))
    return Shape(schema, "workflow", lambda text: OPEN in text, loose=("on",), empty=True)


def _elsewhere(problem: Problem) -> bool:
    """What the published schema does not know: it is older than GitHub, and of ids of jobs it only says that they misfit."""
    if problem.id == "workflow-key-unknown" and len(problem.route) == 2 and problem.route[0] == "jobs":
        return True
    return "image_version" in problem.route or "`image_version`" in problem.message[:20] or "snapshot" in problem.route

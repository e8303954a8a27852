"""Everything that GitHub would refuse, or that can never work, in one workflow or composite action."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from svc import assets
from svc.diagnostics import Problem
from svc.shapes import Shape
from svc.tree import mapping
from svc.workflows import (
    action,
    amounts,
    calls,
    events,
    filled,
    inputs,
    matrix,
    names,
    secrets,
    structure,
    twice,
    values,
)
from svc.workflows.beyond import ALONE, Beyond
from svc.workflows.expression import OPEN

_CONTAINERS = ("jobContainer", "serviceContainer")
_FORMS = ("#/definitions/normalJob", "#/definitions/reusableWorkflowCallJob")


def workflow(data: Any, beyond: Beyond = ALONE) -> Iterator[Problem]:
    shape = [one for one in _shapes(data) if not _elsewhere(one)]
    yield from shape
    broken = {one.route for one in shape if one.id == "workflow-type"}
    said = {one.route for one in shape}
    parts = (structure.problems(data), amounts.problems(data), twice.problems(data), matrix.problems(data))
    for found in (*parts, events.problems(data), inputs.problems(data), names.problems(data, beyond)):
        yield from (one for one in found if one.route not in broken)
    yield from (one for one in calls.problems(data, beyond) if one.route not in broken)
    yield from (one for one in filled.problems(data) if one.route not in said)
    yield from secrets.problems(data)
    yield from values.problems(data, beyond)


def composite(data: Any, beyond: Beyond = ALONE) -> Iterator[Problem]:
    yield from action.problems(data, beyond)
    yield from values.problems(data, beyond, action=True)


def _shapes(data: Any) -> Iterator[Problem]:
    """What the published schema says: of a job in the form that its `uses` decides."""
    yield from _shape().problems(data)
    for name, job in mapping(data, "jobs").items():
        called = isinstance(job, dict) and "uses" in job
        yield from _shape().part(_FORMS[called], job, ("jobs", name))


@functools.cache
def _shape() -> Shape:
    schema = json.loads((assets.schemas() / "github" / "workflow.json").read_text(encoding="utf-8"))
    schema["properties"]["jobs"] = {"type": "object"}
    _complete(schema)
    return Shape(schema, "workflow", lambda text: OPEN in text, loose=("on",), empty=True)


def _complete(schema: dict[str, Any]) -> None:
    """Adds what GitHub's own schema has, and takes away what that has not: that lists are not empty.

    https://github.com/actions/languageservices/blob/main/workflow-parser/src/workflow-v1.0.json
    """
    parts = schema["definitions"]
    job = parts["normalJob"]["properties"]
    schema["properties"]["description"] = {"type": "string"}
    job["cancel-timeout-minutes"] = job["timeout-minutes"]
    job["services"]["additionalProperties"] = {"oneOf": [{"type": "string"}, job["services"]["additionalProperties"]]}
    filters = parts["matrix"]["oneOf"][0]["patternProperties"].values()
    containers = (parts[name]["properties"][key] for name in _CONTAINERS for key in ("ports", "volumes"))
    listed = (one for filter_ in (*filters, parts["jobNeeds"]) for one in filter_["oneOf"])
    for one in (*containers, *listed):
        one.pop("minItems", None)


def _elsewhere(problem: Problem) -> bool:
    """What the published schema does not know: GitHub takes a strategy without a matrix, and inputs without a type."""
    asked = problem.route[:3] == ("on", "workflow_dispatch", "inputs") and len(problem.route) == 4
    if problem.id == "workflow-key-missing" and (problem.route[2:] == ("strategy",) or asked):
        return True
    return "image_version" in problem.route or "`image_version`" in problem.message[:20] or "snapshot" in problem.route

"""From the delivery pipeline to a workflow's data, keys in the order people write them."""

from __future__ import annotations

from typing import Any

from svc.delivery import types as delivery
from svc.delivery.lower import pipeline
from svc.diagnostics import Severity
from svc.resolve.unit import Unit
from svc.targets.github.expressions import expression, literal
from svc.targets.github.jobs import job_data, job_notes
from svc.targets.github.refused import refused
from svc.targets.github.types import FOLDER, Workflow
from svc.targets.protocol import Lowered
from svc.tree import At, build, without_none


def lower(unit: Unit, /) -> Lowered:
    """One workflow, in a tuple; none when the spec wants no CI or says something that no workflow can."""
    made = pipeline(unit)
    found = (*made.problems, *refused(made))
    wrong = any(problem.severity is Severity.ERROR for problem in found)
    return Lowered((workflow(made),) if made.jobs and not wrong else (), found)


def workflow(made: delivery.Pipeline) -> Workflow:
    path = f"{FOLDER}/{made.name}.yaml"
    data = {
        "name": made.name,
        "on": At(made.at, _triggers(made, path)),
        "permissions": {},
        "concurrency": {
            "group": f"{expression('github.workflow')}-{expression('github.event.pull_request.head.sha || github.ref')}",
            "cancel-in-progress": False,
        },
        "defaults": {"run": {"shell": "bash"}},
        "env": {"IMAGE": At(("image",), literal(made.image))} if _uses_image(made) else None,
        "jobs": {job.id: At(job.at, job_data(made, job)) for job in made.jobs},
    }
    notes, remarks = job_notes(made)
    remarks[("permissions",)] = "No rights at all, except what a job asks for below."
    remarks[("concurrency",)] = (
        "Deliveries of a branch wait for each other and are never cut off; pull requests run at once."
    )
    return Workflow(path, build(without_none(data), made.at), made.spec, notes, remarks)


def _triggers(made: delivery.Pipeline, path: str) -> dict[str, Any]:
    filters: dict[str, Any] = {"branches": [made.branch]}
    if made.paths:
        filters["paths"] = [*made.paths, *([path] if path not in made.paths else [])]
    return {"push": filters, "pull_request": filters}


def _uses_image(made: delivery.Pipeline) -> bool:
    return any(job.publishes for job in made.jobs)

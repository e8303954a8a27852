"""From the delivery pipeline to a workflow's data, keys in the order people write them."""

from __future__ import annotations

from typing import Any

from svc.delivery import types as delivery
from svc.delivery.lower import pipeline
from svc.diagnostics import Problem, Route, Severity
from svc.records import replace
from svc.resolve.patching import document, surface
from svc.resolve.types.delivery import Patch
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit
from svc.targets.github.expressions import expression, literal
from svc.targets.github.jobs import job_data, job_notes, job_steps
from svc.targets.github.refused import refused
from svc.targets.github.schema import schema_errors
from svc.targets.github.types import FOLDER, Workflow
from svc.targets.protocol import Lowered
from svc.tree import At, Data, build, without_none

NAME = "github"


def lower(unit: Unit, /) -> Lowered:
    """One workflow, in a tuple; none when the spec wants no CI or says something that no workflow can."""
    made = pipeline(unit)
    found = (*made.problems, *refused(made))
    if not made.jobs or any(problem.severity is Severity.ERROR for problem in found):
        return Lowered((), (*found, *_idle(unit)))
    plain = workflow(made)
    patches = unit.first.patches
    tree, unfit = document(plain.tree, patches, NAME, {"job": "jobs"}, invalid)
    patched = tree.data != plain.tree.data
    return Lowered((replace(plain, tree=tree, patched=patched),), (*found, *unfit, *_differing(unit)))


def _ours(one: Resolved) -> tuple[Patch, ...]:
    return tuple(patch for patch in one.patches if surface(patch)[0] == NAME)


def _idle(unit: Unit) -> tuple[Problem, ...]:
    """Patches of a workflow that is not there."""
    message = "no workflow is generated"
    patches = _ours(unit.first) if unit.first.ci.provider == "none" else ()
    return tuple(Problem("patch-matches-nothing", (*patch.at, "target"), message) for patch in patches)


def _differing(unit: Unit) -> tuple[Problem, ...]:
    """One workflow serves all environments, so its patches are those of all of them."""
    message = "the patches of the workflow differ between environments, but one workflow serves all of them"
    first = _plain(unit.first)
    for one in unit.environments:
        if _plain(one) != first:
            whose = one if _ours(one) else unit.first
            at = (*_ours(whose)[0].at, "target")
            help_ = "move them to the top of the spec"
            if one.patches and unit.first.patches:
                help_ = f"{help_}; `patches` of an environment replace those, so they are repeated there"
            return (Problem("patch-differs", at, message, help_, environment=whose.environment),)
    return ()


def _plain(one: Resolved) -> list[tuple[object, ...]]:
    return [(patch.target, patch.name, patch.merge, patch.json_patch) for patch in _ours(one)]


def invalid(data: Data) -> tuple[tuple[Route, str], ...]:
    """What GitHub would refuse: by the schema, and jobs that wait for none."""
    found = list(schema_errors(data))
    jobs = data.get("jobs") if isinstance(data, dict) else None
    for name, job in (jobs if isinstance(jobs, dict) else {}).items():
        needs = job.get("needs") if isinstance(job, dict) else None
        for needed in [needs] if isinstance(needs, str) else needs if isinstance(needs, list) else []:
            if jobs is not None and needed not in jobs:
                found.append((("jobs", name, "needs"), f"there is no job `{needed}`"))
    return tuple(found)


def workflow(made: delivery.Pipeline) -> Workflow:
    path = f"{FOLDER}/{made.name}.yaml"
    listed = {job.id: job_steps(job) for job in made.jobs}
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
        "jobs": {job.id: At(job.at, job_data(made, job, listed[job.id])) for job in made.jobs},
    }
    notes, remarks = job_notes(made, listed)
    remarks[("permissions",)] = "No rights at all, except what a job asks for below."
    remarks[("concurrency",)] = (
        "Deliveries of a branch wait for each other and are never cut off; pull requests run at once."
    )
    return Workflow(path, build(without_none(data), made.at), made.spec, notes, remarks)


def _triggers(made: delivery.Pipeline, path: str) -> dict[str, Any]:
    return {"push": _filters(made, made.paths, path), "pull_request": _filters(made, (*made.paths, *made.beside), path)}


def _filters(made: delivery.Pipeline, paths: tuple[str, ...], path: str) -> dict[str, Any]:
    """`path`: the workflow's own file."""
    filters: dict[str, Any] = {"branches": [made.branch]}
    if made.paths:
        filters["paths"] = [*paths, *([path] if path not in paths else [])]
    return filters


def _uses_image(made: delivery.Pipeline) -> bool:
    return any(job.publishes for job in made.jobs)

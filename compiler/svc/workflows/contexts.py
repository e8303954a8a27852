"""What the contexts hold at a place of a file: of the file's own jobs, steps, inputs and matrices exactly their names."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from svc import assets
from svc.diagnostics import Route
from svc.workflows.expression import OPEN
from svc.workflows.typing import ANY, NUMBER, TEXT, TRUTH, Kind, exactly, open_object

_GITHUB = [
    "action",
    "action_path",
    "action_ref",
    "action_repository",
    "action_status",
    "actor",
    "actor_id",
    "api_url",
    "artifact_cache_size_limit",
    "base_ref",
    "env",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
    "host_work_dir",
    "job",
    "job_workflow_sha",
    "output",
    "path",
    "ref",
    "ref_name",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "repositoryurl",
    "retention_days",
    "run_attempt",
    "run_id",
    "run_number",
    "secret_source",
    "server_url",
    "sha",
    "state",
    "step_summary",
    "token",
    "triggering_actor",
    "workflow",
    "workflow_ref",
    "workflow_sha",
    "workspace",
]
_RUNNER = ["arch", "debug", "environment", "name", "os", "temp", "tool_cache", "workspace"]
_CONTAINER = exactly({"id": TEXT, "network": TEXT})
_SERVICE = exactly({"id": TEXT, "network": TEXT, "ports": open_object(TEXT)})
_JOB = {
    "check_run_id": TEXT,
    "container": _CONTAINER,
    "services": open_object(_SERVICE),
    "status": TEXT,
    "workflow_file_path": TEXT,
    "workflow_ref": TEXT,
    "workflow_repository": TEXT,
    "workflow_sha": TEXT,
}
_INPUT = {"boolean": TRUTH, "number": NUMBER, "string": TEXT, "choice": TEXT, "environment": TEXT}
_STEP = {"conclusion": TEXT, "outcome": TEXT, "outputs": open_object(TEXT)}

Data = Mapping[str, Any]


@functools.cache
def popular() -> dict[str, Any]:
    """What is known of popular actions: `owner/name@major` in lower case -> inputs and outputs."""
    found: dict[str, Any] = json.loads((assets.schemas() / "github" / "actions.json").read_text(encoding="utf-8"))
    return found


def mapping(node: Any, *keys: str) -> dict[str, Any]:
    """The mapping at `keys`; empty when there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def triggers(data: Data) -> dict[str, dict[str, Any]]:
    """Event -> its settings, whichever of the three ways `on` is written."""
    on = data.get("on")
    if isinstance(on, dict):
        return {key: mapping(value) for key, value in on.items()}
    return {one: {} for one in (on if isinstance(on, list) else [on]) if isinstance(one, str)}


def at(data: Data, route: Route) -> dict[str, Kind]:
    """The contexts of a workflow at a route."""
    found = {
        "github": exactly({**dict.fromkeys(_GITHUB, TEXT), "ref_protected": TRUTH, "event": _event(data)}),
        "env": open_object(TEXT),
        "vars": open_object(TEXT),
        "secrets": open_object(TEXT),
        "runner": exactly(dict.fromkeys(_RUNNER, TEXT)),
        "job": exactly(_JOB),
        "strategy": exactly(
            {"fail-fast": TRUTH, "job-index": NUMBER, "job-total": NUMBER, "max-parallel": NUMBER},
        ),
        "inputs": _inputs(data),
    }
    jobs = mapping(data, "jobs")
    if route[:1] == ("on",):
        found["jobs"] = exactly(
            {key: exactly({"result": TEXT, "outputs": _outputs(mapping(job))}) for key, job in jobs.items()}
        )
    if route[:1] == ("jobs",) and len(route) > 1:
        job = mapping(jobs, str(route[1]))
        found["needs"] = _needs(job, jobs)
        found["matrix"] = _matrix(job)
        found["steps"] = _steps(job, route[2:])
    return found


def in_action(data: Data, route: Route) -> dict[str, Kind]:
    """The contexts of a composite action at a route. Its inputs are texts."""
    found = at({}, ())
    found["inputs"] = exactly(dict.fromkeys(mapping(data, "inputs"), TEXT))
    found["steps"] = _steps(mapping(data, "runs"), route[1:])
    return found


def needed(job: Data) -> list[str]:
    """The ids that a job needs."""
    needs = job.get("needs")
    return [one for one in (needs if isinstance(needs, list) else [needs]) if isinstance(one, str)]


def _event(data: Data) -> Kind:
    inputs = mapping(triggers(data).get("workflow_dispatch", {}), "inputs")
    return open_object(ANY, {"inputs": exactly(dict.fromkeys(inputs, TEXT))} if inputs else {})


def _inputs(data: Data) -> Kind:
    found: dict[str, Kind] = {}
    for event in ("workflow_call", "workflow_dispatch"):
        for name, value in mapping(triggers(data).get(event, {}), "inputs").items():
            kind = _INPUT.get(str(mapping(value).get("type", "string")), ANY)
            found[name] = kind if found.get(name, kind) == kind else ANY
    return exactly(found)


def _outputs(job: Data) -> Kind:
    if "uses" in job:
        return open_object(TEXT)
    outputs = job.get("outputs")
    return exactly(dict.fromkeys(outputs, TEXT)) if isinstance(outputs, dict) else exactly({})


def _needs(job: Data, jobs: Data) -> Kind:
    known = {key.lower(): mapping(one) for key, one in jobs.items()}
    kinds = {}
    for name in needed(job):
        outputs = _outputs(known[name.lower()]) if name.lower() in known else open_object(TEXT)
        kinds[name] = exactly({"result": TEXT, "outputs": outputs})
    return exactly(kinds)


def _matrix(job: Data) -> Kind:
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else strategy
    if matrix is None:
        return exactly({})
    if not isinstance(matrix, dict) or any(_dynamic(matrix.get(key)) for key in ("include", "exclude")):
        return ANY
    kinds = {key: _row(value) for key, value in matrix.items() if key not in ("include", "exclude")}
    for entry in matrix.get("include") or ():
        for key, value in mapping(entry).items():
            kind = _value(value)
            kinds[key] = _merged([kinds[key], kind]) if key in kinds else kind
    return exactly(kinds)


def _dynamic(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(one, str) for one in value))


def _row(values: Any) -> Kind:
    return _merged([_value(one) for one in values]) if isinstance(values, list) and values else ANY


def _value(value: Any) -> Kind:
    """Of an object its keys; of scalars nothing, for they are converted freely."""
    if isinstance(value, dict) and not any(OPEN in str(key) for key in value):
        return exactly({key: _value(item) for key, item in value.items()})
    return ANY


def _merged(kinds: list[Kind]) -> Kind:
    if any(one.name != "object" for one in kinds):
        return ANY
    names = {name for one in kinds for name in one.properties}
    return exactly(
        {name: _merged([one.properties[name] for one in kinds if name in one.properties]) for name in sorted(names)}
    )


def _steps(job: Data, rest: Route) -> Kind:
    """The steps that ran before the place: all for what is read when the job is over."""
    steps = job.get("steps")
    listed = steps if isinstance(steps, list) else []
    before = listed[: rest[1]] if len(rest) > 1 and rest[0] == "steps" and isinstance(rest[1], int) else listed
    return exactly({identity: exactly(kind) for identity, kind in _ids(before)})


def _ids(steps: list[Any]) -> Iterator[tuple[str, dict[str, Kind]]]:
    for step in steps:
        if isinstance(step, dict):
            if isinstance(step.get("id"), str):
                known = popular()["actions"].get(str(step.get("uses", "")).lower())
                yield (
                    step["id"],
                    {**_STEP, "outputs": exactly(dict.fromkeys(known["outputs"], TEXT))}
                    if known and "any" not in known
                    else _STEP,
                )
            yield from _ids(step["parallel"] if isinstance(step.get("parallel"), list) else [])

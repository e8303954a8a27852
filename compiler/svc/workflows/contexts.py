"""What the contexts hold at a place of a file: of the file's own jobs, steps, inputs and matrices exactly their names."""

from __future__ import annotations

import functools
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from svc import assets
from svc.diagnostics import Route
from svc.tree import mapping
from svc.workflows.beyond import Beyond, path
from svc.workflows.kinds import ANY, NUMBER, TEXT, TRUTH, Kind, exactly, merged, of_data, open_object

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


def triggers(data: Data) -> dict[str, dict[str, Any]]:
    """Event -> its settings, whichever of the three ways `on` is written."""
    on = data.get("on")
    if isinstance(on, dict):
        return {key: mapping(value) for key, value in on.items()}
    return {one: {} for one in (on if isinstance(on, list) else [on]) if isinstance(one, str)}


class Steps:
    """The steps with an id of each list of a file, looked through once for all of its expressions."""

    def __init__(self, beyond: Beyond) -> None:
        self.beyond = beyond
        self._found: dict[int, list[tuple[int, str, Kind]]] = {}
        self._last: tuple[int, int, dict[str, Kind]] = (0, 0, {})
        """Of which list, how many of its steps with an id, and those: expressions come in the order of the file."""

    def before(self, listed: list[Any], end: int) -> Kind:
        """The context `steps` at a step: those of the list that ran before it. `listed` has to live as long as this."""
        if id(listed) not in self._found:
            self._found[id(listed)] = self._looked(listed)
        found = self._found[id(listed)]
        count = bisect_left(found, end, key=lambda one: one[0])
        home, last, known = self._last
        if home != id(listed) or last > count:
            last, known = 0, {}
        if last < count:
            known = {**known, **{name: kind for _, name, kind in found[last:count]}}
        self._last = (id(listed), count, known)
        return Kind("object", known)

    def _looked(self, listed: list[Any]) -> list[tuple[int, str, Kind]]:
        return [
            (number, name.lower(), exactly(kind))
            for number, step in enumerate(listed)
            for name, kind in _ids([step], self.beyond)
        ]


def at(data: Data, route: Route, steps: Steps) -> dict[str, Kind]:
    """The contexts of a workflow at a route."""
    beyond = steps.beyond
    always, github = _always()
    found = {
        "github": Kind("object", {**github, "event": _event(data)}),
        **always,
        "inputs": _inputs(data),
    }
    if route[:3] == ("on", "workflow_call", "inputs") and len(route) > 3:
        above = list(mapping(triggers(data).get("workflow_call"), "inputs"))
        found["inputs"] = exactly({k: v for k, v in _inputs(data).properties.items() if k in _before(above, route[3])})
    jobs = mapping(data, "jobs")
    if route[:1] == ("on",):
        found["jobs"] = exactly(
            {key: exactly({"result": TEXT, "outputs": _outputs(mapping(job), beyond)}) for key, job in jobs.items()}
        )
    if route[:1] == ("jobs",) and len(route) > 1:
        job = mapping(jobs, str(route[1]))
        found["needs"] = _needs(job, jobs, beyond)
        found["matrix"] = _matrix(job)
        found["steps"] = _steps(job, route[2:], steps)
    return found


@functools.cache
def _always() -> tuple[dict[str, Kind], Mapping[str, Kind]]:
    """The contexts that are the same everywhere, and of `github` all but the event."""
    found = {
        "env": open_object(TEXT),
        "vars": open_object(TEXT),
        "secrets": open_object(TEXT),
        "runner": exactly(dict.fromkeys(_RUNNER, TEXT)),
        "job": exactly(_JOB),
        "strategy": exactly(
            {"fail-fast": TRUTH, "job-index": NUMBER, "job-total": NUMBER, "max-parallel": NUMBER},
        ),
    }
    return found, exactly({**dict.fromkeys(_GITHUB, TEXT), "ref_protected": TRUTH}).properties


def in_action(data: Data, route: Route, steps: Steps) -> dict[str, Kind]:
    """The contexts of a composite action at a route. Its inputs are texts."""
    found = at({}, (), steps)
    found["inputs"] = exactly(dict.fromkeys(mapping(data, "inputs"), TEXT))
    found["steps"] = _steps(mapping(data, "runs"), route[1:], steps)
    return found


def wanted(data: Data, route: Route) -> tuple[str, ...]:
    """The kind that the default of an input must have."""
    if route[:3] != ("on", "workflow_call", "inputs") or route[4:] != ("default",):
        return ()
    kind = mapping(triggers(data).get("workflow_call"), "inputs", str(route[3])).get("type")
    return (kind,) if kind in ("boolean", "number") else ()


def needed(job: Data) -> list[str]:
    """The ids that a job needs."""
    needs = job.get("needs")
    return [one for one in (needs if isinstance(needs, list) else [needs]) if isinstance(one, str)]


def _event(data: Data) -> Kind:
    """A workflow that is called has the event of its caller."""
    events = triggers(data)
    inputs = mapping(events.get("workflow_dispatch", {}), "inputs")
    known = bool(inputs) or ("workflow_dispatch" in events and "workflow_call" not in events)
    return open_object(ANY, {"inputs": exactly(dict.fromkeys(inputs, TEXT))} if known else {})


def _inputs(data: Data) -> Kind:
    found: dict[str, Kind] = {}
    for event in ("workflow_call", "workflow_dispatch"):
        for name, value in mapping(triggers(data).get(event, {}), "inputs").items():
            kind = _INPUT.get(str(mapping(value).get("type", "string")), ANY)
            found[name] = kind if found.get(name, kind) == kind else ANY
    return exactly(found)


def _before(names: list[str], name: Any) -> set[str]:
    """The inputs that a default may read: those above its own."""
    return {one.lower() for one in names[: names.index(name) if name in names else 0]}


def _outputs(job: Data, beyond: Beyond) -> Kind:
    if "uses" in job:
        called = beyond.workflow(path(str(job["uses"]))) if path(str(job["uses"])) else None
        events = triggers(called) if called is not None else {}
        given = mapping(events.get("workflow_call"), "outputs")
        return exactly(dict.fromkeys(given, TEXT)) if "workflow_call" in events else open_object(TEXT)
    outputs = job.get("outputs")
    return exactly(dict.fromkeys(outputs, TEXT)) if isinstance(outputs, dict) else exactly({})


def _needs(job: Data, jobs: Data, beyond: Beyond) -> Kind:
    known = {key.lower(): mapping(one) for key, one in jobs.items()}
    kinds = {}
    for name in needed(job):
        outputs = _outputs(known[name.lower()], beyond) if name.lower() in known else open_object(TEXT)
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
            kind = of_data(value)
            kinds[key] = merged([kinds[key], kind]) if key in kinds else kind
    return exactly(kinds)


def _dynamic(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(one, str) for one in value))


def _row(values: Any) -> Kind:
    return merged([of_data(one) for one in values]) if isinstance(values, list) and values else ANY


def _steps(job: Data, rest: Route, steps: Steps) -> Kind:
    """The steps that ran before the place: all for what is read when the job is over."""
    listed = job.get("steps")
    if not isinstance(listed, list):
        return exactly({})
    here = rest[1] if len(rest) > 1 and rest[0] == "steps" else None
    return steps.before(listed, here if isinstance(here, int) else len(listed))


def _ids(steps: list[Any], beyond: Beyond) -> Iterator[tuple[str, dict[str, Kind]]]:
    for step in steps:
        if isinstance(step, dict):
            if isinstance(step.get("id"), str):
                given = _given(str(step.get("uses", "")), beyond)
                yield step["id"], _STEP if given is None else {**_STEP, "outputs": exactly(dict.fromkeys(given, TEXT))}
            yield from _ids(step["parallel"] if isinstance(step.get("parallel"), list) else [], beyond)


def _given(uses: str, beyond: Beyond) -> list[str] | None:
    """The outputs that an action has; None for one that is not known, or may have others."""
    own = beyond.action(path(uses)) if path(uses) else None
    if own is not None:
        composite = mapping(own, "runs").get("using") == "composite"
        return list(mapping(own, "outputs")) if composite or "outputs" in own else None
    known = popular()["actions"].get(uses.lower())
    return known["outputs"] if known and "any" not in known else None

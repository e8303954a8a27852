"""Where in a file expressions may stand, and which contexts and functions they have there.

From GitHub's table "context availability"; for composite actions from the runner's schema of action.yml.
"""

from __future__ import annotations

from svc.diagnostics import Route
from svc.records import dataclass

STATUS = ("always", "cancelled", "failure", "success")
HASH = ("hashfiles",)
CONTEXTS = (
    "env", "github", "inputs", "job", "jobs", "matrix", "needs", "runner", "secrets", "steps", "strategy", "vars",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """What an expression may use at a place."""

    contexts: tuple[str, ...]
    functions: tuple[str, ...] = ()


def _room(contexts: str, *functions: str) -> Room:
    return Room(tuple(sorted(contexts.split())), functions)


_JOB = "github needs strategy matrix vars inputs"
_RUN = f"{_JOB} job runner env secrets"
_STEP = _room(f"{_RUN} steps", *HASH)
_CREDENTIALS = _room(f"{_JOB} env secrets")
_TOP = {
    "run-name": _room("github inputs vars"),
    "concurrency": _room("github inputs vars"),
    "defaults": _room("github inputs vars"),
    "env": _room("github secrets inputs vars"),
}
_IN_JOB = {
    "concurrency": _room(_JOB),
    "continue-on-error": _room(_JOB),
    "defaults": _room(f"{_JOB} env"),
    "env": _room(f"{_JOB} secrets"),
    "environment": _room(_JOB),
    "if": _room("github needs vars inputs", *STATUS),
    "name": _room(_JOB),
    "outputs": _room(f"{_RUN} steps"),
    "runs-on": _room(_JOB),
    "secrets": _room(f"{_JOB} secrets"),
    "snapshot": _room(_JOB),
    "strategy": _room("github needs vars inputs"),
    "timeout-minutes": _room(_JOB),
    "with": _room(_JOB),
}
NOWHERE = Room(())
"""No expression may stand there."""
_LITERALS = Room((), ("case", "format", "fromjson", "join", "tojson"))
_WANTED = {
    "concurrency.cancel-in-progress": ("boolean",),
    "container.credentials": ("object",),
    "container.env": ("object",),
    "continue-on-error": ("boolean",),
    "env": ("object",),
    "environment.deployment": ("boolean",),
    "runs-on": ("array", "string"),
    "services": ("object",),
    "services.*.credentials": ("object",),
    "services.*.env": ("object",),
    "steps.*.continue-on-error": ("boolean",),
    "steps.*.env": ("object",),
    "steps.*.timeout-minutes": ("number",),
    "strategy.fail-fast": ("boolean",),
    "strategy.matrix": ("object",),
    "strategy.max-parallel": ("number",),
    "timeout-minutes": ("number",),
}
"""By the places in a job."""
_COMPOSITE = "github inputs strategy matrix steps job runner env"
_COMPOSITE_STEP = _room(_COMPOSITE, *HASH)


def room(route: Route) -> Room:
    """The room at a route of a workflow; without contexts where no expression may stand."""
    if not route:
        return NOWHERE
    if route[0] in _TOP:
        return _TOP[str(route[0])]
    if route[0] == "on":
        return _in_call(route)
    if route[0] == "jobs" and len(route) > 2:
        return _in_job(route[2:])
    return NOWHERE


def room_in_action(route: Route) -> Room:
    """The room at a route of a composite action."""
    if route[:1] == ("outputs",):
        return _room(_COMPOSITE) if route[2:] == ("value",) else NOWHERE
    if route[:1] == ("inputs",):
        return _room("github strategy matrix job runner", *HASH) if route[2:] == ("default",) else NOWHERE
    if route[:1] != ("runs",):
        return NOWHERE
    if route[1:2] != ("steps",):
        return _room("inputs") if route[1:2] in (("args",), ("env",)) else NOWHERE
    step = route[3:]
    if step == ("if",):
        return _room(_COMPOSITE, *STATUS, *HASH)
    return NOWHERE if step in (("id",), ("uses",)) else _COMPOSITE_STEP


def _in_call(route: Route) -> Room:
    if route[1:2] != ("workflow_call",):
        return NOWHERE
    if route[2:3] == ("inputs",) and route[4:] == ("default",):
        return _room("github inputs vars")
    if route[2:3] == ("outputs",) and route[4:] == ("value",):
        return _room("github jobs vars inputs")
    return NOWHERE


def _in_job(rest: Route) -> Room:
    key = rest[0]
    if key == "steps":
        return _in_step(rest[2:])
    if key == "container":
        return _in_container(rest[1:])
    if key == "services":
        return _in_container(rest[2:])
    if rest == ("environment", "url"):
        return _room(f"{_JOB} job runner env steps")
    return _IN_JOB.get(str(key), NOWHERE)


def _in_container(rest: Route) -> Room:
    if rest[:1] == ("credentials",):
        return _CREDENTIALS
    return _room(_RUN) if rest[:1] == ("env",) else _room(_JOB)


def _in_step(rest: Route) -> Room:
    if rest == ("if",):
        return _room(f"{_JOB} job runner env steps", *STATUS, *HASH)
    if rest[:1] == ("shell",):
        return _LITERALS
    return NOWHERE if rest[:1] in (("id",), ("uses",)) else _STEP


def wanted(route: Route) -> tuple[str, ...]:
    """The kinds of which an expression at a route must be one; none where that does not matter."""
    rest = [str(part) for part in (route[2:] if route[:1] == ("jobs",) else route)]
    if len(rest) == 3 and rest[0] in ("services", "steps"):
        rest[1] = "*"
    return _WANTED.get(".".join(rest), ()) if route[:1] in (("jobs",), ("env",), ("concurrency",)) else ()

"""One job of the pipeline in GitHub's words, and the comments that belong to it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from svc.delivery import types as delivery
from svc.diagnostics import Route
from svc.targets.github.expressions import expression, literal, literals, run_value
from svc.targets.github.made import Made
from svc.targets.github.steps import BUILD_STEP, steps
from svc.tree import At, without_none

_SCOPES = {
    "read-source": ("contents", "read"),
    "read-packages": ("packages", "read"),
    "write-packages": ("packages", "write"),
    "identity": ("id-token", "write"),
}
_CONDITIONS = {
    "always": None,
    "change": "github.event_name == 'pull_request'",
    "release": "github.event_name == 'push'",
}
_DIGEST = expression("needs.publish.outputs.digest")


def job_steps(job: delivery.Job) -> list[Made]:
    """The steps of a job; none where another workflow does it."""
    return [] if job.delegate else [one for step in job.steps for one in steps(step, job)]


def job_data(made: delivery.Pipeline, job: delivery.Job, listed: Sequence[Made]) -> dict[str, Any]:
    head = {"name": literal(job.title), "if": _CONDITIONS[job.when], "needs": list(job.needs) or None}
    rights = {scope: level for scope, level, _ in _permissions(job)}
    if job.delegate:
        called = {"uses": job.delegate.reference, "with": _inputs(job.delegate)}
        return without_none({**head, "permissions": rights, "concurrency": _lock(job), **called})
    return without_none(
        {
            **head,
            "runs-on": literal(made.runner),
            "timeout-minutes": job.timeout,
            "environment": _environment(job),
            "concurrency": _lock(job),
            "permissions": rights,
            "outputs": {"digest": expression(f"steps.{BUILD_STEP}.outputs.digest")} if job.publishes else None,
            "env": _env(job),
            "services": {one.name: At(one.at, _service(one)) for one in job.services} or None,
            "steps": [one.data for one in listed],
        }
    )


def job_notes(
    made: delivery.Pipeline, listed: Mapping[str, Sequence[Made]]
) -> tuple[dict[Route, str], dict[Route, str]]:
    """Comments at the end of lines and above them: why each right is needed, and what a step expects."""
    notes: dict[Route, str] = {}
    remarks: dict[Route, str] = {}
    for job in made.jobs:
        for scope, _, why in _permissions(job):
            if why:
                notes[("jobs", job.id, "permissions", scope)] = why
        for index, step in enumerate(listed[job.id]):
            if step.remark:
                # The emitter prints an item's comment above its first entry.
                remarks[("jobs", job.id, "steps", index)] = step.remark
    return notes, remarks


def _permissions(job: delivery.Job) -> list[tuple[str, str, str]]:
    """Scope, level and reason; a scope once, with its highest level and all reasons."""
    found: dict[str, tuple[str, list[str]]] = {}
    for right in job.permissions:
        scope, level = _SCOPES[right.capability]
        before, reasons = found.get(scope, (level, []))
        found[scope] = (
            "write" if "write" in (before, level) else "read",
            [*reasons, *([right.why] if right.why else [])],
        )
    return [(scope, level, "; ".join(reasons)) for scope, (level, reasons) in found.items()]


def _environment(job: delivery.Job) -> dict[str, Any] | None:
    if job.environment is None:
        return None
    deployment = None if job.environment.deploys else False
    url = literal(job.environment.url) or None
    return without_none({"name": literal(job.environment.name), "url": url, "deployment": deployment})


def _lock(job: delivery.Job) -> dict[str, Any] | None:
    if job.superseded:
        return {
            "group": f"{expression('github.workflow')}-{job.id}-{expression('github.ref')}",
            "cancel-in-progress": True,
        }
    return {"group": literal(job.lock), "cancel-in-progress": False} if job.lock else None


def _env(job: delivery.Job) -> dict[str, str] | None:
    """What several steps of a deploy share."""
    for step in job.steps:
        if isinstance(step, delivery.Deploy):
            env = {"RELEASE": step.release, "NAMESPACE": step.namespace, "CHART": step.chart}
            return literals(env) | {"TIMEOUT": f"{step.timeout}s"} | _server(job)
    return None


def _server(job: delivery.Job) -> dict[str, str]:
    """The address is also the audience of the token, which is asked for again while Helm waits."""
    oidc = any(isinstance(step, delivery.ClusterLogin) and step.cluster.kind == "oidc" for step in job.steps)
    return {"KUBE_SERVER": expression("vars.KUBE_SERVER")} if oidc else {}


def _inputs(delegate: delivery.Delegate) -> dict[str, str]:
    inputs = literals(dict(delegate.inputs))
    return inputs | ({"digest": _DIGEST} if delegate.digest else {})


def _service(one: delivery.ServiceContainer) -> dict[str, Any]:
    return without_none(
        {
            "image": literal(one.image),
            "env": {name: run_value(value) for name, value in one.env} or None,
            "ports": [f"{one.port}:{one.port}"] if one.publish else None,
            "options": literal(_health(one.health)) or None,
        }
    )


def _health(command: tuple[str, ...]) -> str:
    """Docker's options, in the quoting of the runner, which knows double quotes and backslashes only."""
    if not command:
        return ""
    shell = command[2] if command[:2] == ("sh", "-c") and len(command) == 3 else shlex.join(command)
    quoted = shell.replace("\\", "\\\\").replace('"', '\\"')
    return f'--health-cmd "{quoted}" --health-interval 5s --health-timeout 5s --health-retries 20'

"""The local environment of a unit as one compose file: the same processes, their needs as containers beside them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.pins import find_image, versions
from svc.resolve.patching import document, unknown_surface
from svc.resolve.types.images import Image
from svc.resolve.types.needs import Need
from svc.resolve.types.process import HttpStop, Process
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.resolve.unit import Unit
from svc.targets.compose.mounts import Mounts
from svc.targets.compose.process import service, words
from svc.targets.compose.schema import problems, schema_errors
from svc.targets.compose.types import ComposeArtifact, ComposeFile
from svc.targets.compose.values import Local, environment, escaped
from svc.targets.protocol import Lowered
from svc.tree import At, Data, build, without_none


def lower(unit: Unit) -> Lowered:
    one = unit.local
    local = Local(one)
    services: dict[str, Any] = {}
    shared = Mounts()
    for need in one.needs:
        if need.image is not None:
            services[need.object_name] = At(need.at, _need(local, need, shared))
            local.problems += _another_version(unit, need)
    for workload in one.workloads:
        services.update(_workload(local, workload, shared))
    _build_secrets(local, services, shared)
    tree = build(
        without_none(
            {
                "name": one.name,
                "services": services,
                "volumes": shared.volumes or None,
                "configs": shared.configs or None,
                "secrets": shared.secrets or None,
            }
        )
    )
    tree, unfit = document(tree, one.patches, "compose", _PATCHED, _invalid)
    artifact = ComposeArtifact(
        ComposeFile(tree),
        tuple(local.wanted[name] for name in sorted(local.wanted)),
        tuple(local.secret_files[name] for name in sorted(local.secret_files)),
        posixpath.basename(unit.spec),
        unit.path("compose.yaml"),
        unit.path(".env.example"),
    )
    strange = [problem for patch in one.patches if (problem := unknown_surface(patch)) is not None]
    return Lowered(artifact, tuple(dict.fromkeys((*local.problems, *strange, *unfit))))


def _build_secrets(local: Local, services: dict[str, Any], shared: Mounts) -> None:
    """What building takes is declared once for all services, from variables as the image's steps and the workflow name them."""
    made = local.one.build
    if made is None or not any("build" in service.value for service in services.values()):
        return
    for name in made.secrets:
        variable = name.upper()
        local.ask(variable, f"secret {name} of the build")
        shared.secrets[name] = At((*made.at, "secrets"), {"environment": variable})


def _another_version(unit: Unit, need: Need) -> Iterator[Problem]:
    """Said when an environment runs a version that has no pinned image."""
    assert need.image is not None
    repository, at = need.image.repository, (*need.at, "version")
    for one in unit.environments:
        version = next((other.version for other in one.needs if other.name == need.name), need.version)
        if version != need.version and find_image(repository, version) is None:
            message = f"no image of {need.type} {version} is pinned: compose and the tests run {need.version}"
            help_ = f"there are {', '.join(versions(repository))}; another image can stand in compose.override.yaml"
            yield Problem("need-version-local", at, message, help_, severity=Severity.INFO, environment=one.environment)
            return


_PATCHED = {"service": "services", "volume": "volumes", "config": "configs", "secret": "secrets"}


def _invalid(data: Data) -> tuple[tuple[Route, str], ...]:
    """By our own words where they know the mistake, else by those of the schema that proves the output."""
    found = tuple((one.route, one.message) for one in problems(data))
    return found or schema_errors(data)


def _workload(local: Local, workload: Workload, shared: Mounts) -> dict[str, Any]:
    """A workload's processes as services; init steps end before the main one, sidecars share its network."""
    found: dict[str, Any] = {}
    waits = _waits(local.one, workload)
    for process in workload.init:
        name = _beside(local.one, workload, process, "init")
        found[name] = At(process.at, service(local, workload, process, shared, depends=waits, restart="no"))
        waits = {**waits, name: {"condition": "service_completed_successfully"}}
    job = workload.job
    main = service(
        local,
        workload,
        workload.main,
        shared,
        depends=waits,
        restart="no" if job else "unless-stopped",
        profiles=["jobs"] if job and job.run != "before-deploy" else None,
    )
    found[workload.name] = At(workload.main.at, main)
    if job and job.schedule:
        message = f"compose runs nothing on a schedule: start it with `docker compose run --rm {workload.name}`"
        local.problems.append(Problem("compose-no-schedule", workload.at, message, severity=Severity.INFO))
    local.problems += _meaningless(workload)
    for process in workload.sidecars:
        after = {workload.name: {"condition": "service_started"}}
        side = service(local, workload, process, shared, depends=after, restart="unless-stopped", beside=workload.name)
        found[_beside(local.one, workload, process, "sidecar")] = At(process.at, side)
    return found


def _beside(one: Resolved, workload: Workload, process: Process, role: str) -> str:
    """A step before the start or a sidecar has a name in its pod alone; here it stands beside all others."""
    taken = {other.name for other in one.workloads} | {need.object_name for need in one.needs}
    taken |= {f"{workload.name}-{other.name}" for other in workload.init if role != "init"}
    name = f"{workload.name}-{process.name}"
    return f"{workload.name}-{role}-{process.name}" if name in taken else name


def _meaningless(workload: Workload) -> list[Problem]:
    """What is asked for and has no meaning on one machine."""
    found: list[tuple[Route, str]] = []
    if isinstance(workload.main.pre_stop, HttpStop):
        found.append(((*workload.rollout.at, "pre_stop"), "compose sends no request before SIGTERM"))
    if workload.placement.priority_class:
        found.append(((*workload.placement.at, "priority_class"), "compose knows no priorities"))
    if workload.service is not None and workload.service.sticky:
        found.append(((*workload.service.at, "session_affinity"), "compose runs one replica: every client meets it"))
    if workload.scale.events is not None:
        found.append((workload.scale.events.at, "compose scales by no events: one replica runs all the time"))
    return [Problem("compose-no-meaning", at, said, anchor="key", severity=Severity.INFO) for at, said in found]


def _waits(one: Resolved, workload: Workload) -> dict[str, Any]:
    """What must be there first: healthy needs, and for all but the jobs themselves the jobs before a deploy."""
    waits: dict[str, Any] = {
        need.object_name: {"condition": "service_healthy" if need.healthcheck else "service_started"}
        for need in one.needs
        if need.image is not None
    }
    earlier: list[str] = []
    for job in one.jobs:
        if job.name == workload.name:
            break
        if job.job and job.job.run == "before-deploy":
            earlier.append(job.name)
    return {**waits, **{name: {"condition": "service_completed_successfully"} for name in earlier}}


def _need(local: Local, need: Need, shared: Mounts) -> dict[str, Any]:
    assert need.image is not None
    process_env = environment(local, _nobody(local), need.env)
    volume = shared.name("volume", need.object_name) if need.data_path else ""
    if need.data_path:
        shared.volumes[volume] = At(need.at, {})
    check = {"test": ["CMD", *(escaped(word) for word in need.healthcheck)], "interval": "5s", "timeout": "5s"}
    return without_none(
        {
            "image": need.image.reference,
            "command": words(need.command, process_env, need.at),
            "user": _owner(need.image),
            "environment": process_env or None,
            "volumes": [f"{volume}:{need.data_path}"] if need.data_path else None,
            "healthcheck": {**check, "retries": 20, "start_period": "10s"} if need.healthcheck else None,
            "restart": "unless-stopped",
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
        }
    )


def _owner(image: Image) -> str:
    """Who owns the data folder in the image: a named volume belongs to the same user, and there is no fsGroup here."""
    if "alpine" in image.tag:
        return {"postgres": "70", "rabbitmq": "100"}.get(image.repository, "999")
    return "999"


def _nobody(local: Local) -> Process:
    return next(workload.main for workload in local.one.workloads)

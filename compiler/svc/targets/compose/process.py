"""One process of a workload as a service of the compose file."""

from __future__ import annotations

import posixpath
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.resolve.types.images import Build
from svc.resolve.types.process import Process
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.targets.compose.mounts import Mounts, mounts
from svc.targets.compose.values import Local, environment, escaped, literal, memory, millicores
from svc.targets.probe_commands import probe_command
from svc.tree import At, bare, without_none

_CHECKERS = {"python": "python", "node": "node", "ruby": "ruby", "go": "wget", "static": "wget"}
_OTHERS = "bash"
"""The development images of Java, .NET, Rust and PHP have bash."""
_MOST_CPU = 4000
"""Thousandths; Docker refuses a limit above what the machine has."""


def service(
    local: Local,
    workload: Workload,
    process: Process,
    shared: Mounts,
    *,
    depends: dict[str, Any],
    restart: str,
    profiles: list[str] | None = None,
    beside: str = "",
) -> dict[str, Any]:
    used = mounts(local, workload, process, shared)
    variables = _environment(local, process)
    known = {name: str(bare(value)) for name, value in variables.items()}
    return without_none(
        {
            **_image(local.one, process),
            "profiles": profiles,
            "network_mode": f"service:{beside}" if beside else None,
            "command": words(process.args, known, (*process.at, "args")),
            "entrypoint": words(process.command, known, (*process.at, "command")),
            "init": True,
            "user": At(("user",), f"{process.user}:{process.group}"),
            "working_dir": escaped(process.workdir) or None,
            "env_file": _env_files(local, process) or None,
            "environment": _shown(process, variables) or None,
            "ports": _published(workload) if not beside and process is workload.main else None,
            **used,
            "healthcheck": _healthcheck(local.one, process),
            "depends_on": depends or None,
            "restart": restart,
            "pre_stop": _before_stop(process, workload) or None,
            "stop_grace_period": f"{workload.rollout.grace}s",
            "read_only": _read_only(local, process, used),
            "cap_drop": ["ALL"],
            "cap_add": At((*process.at, "capabilities"), list(process.add_capabilities) or None),
            "security_opt": ["no-new-privileges:true"],
            "deploy": _limits(process),
        }
    )


def _read_only(local: Local, process: Process, used: dict[str, Any]) -> bool:
    """Compose writes a file whose text stands in compose.yaml into the container, and refuses to do so where the root
    file system is read-only (docker/compose#12031)."""
    written = used.get("configs")
    if not process.read_only_root or not written:
        return process.read_only_root
    message = f"compose writes `files` into container `{process.name}`, whose root file system is writable there"
    local.problems.append(Problem("compose-files-written", written[0].route, message, severity=Severity.INFO))
    return False


def _published(workload: Workload) -> At | None:
    """The ports of the whole pod, on this machine alone."""
    ports = [port for process in (workload.main, *workload.sidecars) for port in process.ports]
    given = [f"127.0.0.1:{one.number}:{one.number}{'/udp' if one.transport == 'UDP' else ''}" for one in ports]
    return At(("ports",), given) if given else None


def _before_stop(process: Process, workload: Workload) -> list[Any]:
    """A command to run before SIGTERM; waiting is for load balancers, which are not here."""
    if not isinstance(process.pre_stop, tuple):
        return []
    return [At((*workload.rollout.at, "pre_stop"), {"command": [escaped(word) for word in process.pre_stop]})]


def _image(one: Resolved, process: Process) -> dict[str, Any]:
    made = one.build
    if made is None or not process.image.built:
        return {"image": At(process.image.at, process.image.reference)}
    context = made.context or "."
    own = made.dockerfile
    facts = {
        "context": escaped(context),
        "dockerfile": escaped(_from_context(own or "Dockerfile", made)),
        "target": (escaped(made.target) or None) if own else "dev",
        "secrets": sorted(made.secrets) or None,
    }
    return {"build": At(made.at, without_none(facts))}


def _from_context(path: str, build: Build) -> str:
    """A path beside the spec, said from the build context."""
    return posixpath.join(build.beneath, path) if build.beneath else posixpath.relpath(path, build.context or ".")


def words(words: tuple[str, ...] | None, known: dict[str, str], at: Route) -> Any:
    """A command; Kubernetes replaces `$(NAME)` in it, so it is replaced here."""
    return None if words is None else At(at, [literal(word, known) for word in words])


def _environment(local: Local, process: Process) -> dict[str, Any]:
    values = environment(local, process, process.env)
    routes = {variable.name: variable.at for variable in process.env}
    from_: dict[str, Any] = {}
    for source in process.env_from:
        for config in local.one.configs:
            if source.kind == "config" and config.name == source.name:
                from_.update({source.prefix + key: At(source.at, escaped(text)) for key, text in config.data})
    return {**from_, **{name: At(routes[name], text) for name, text in values.items()}}


def _shown(process: Process, variables: dict[str, Any]) -> dict[str, Any]:
    """Without what is there only for other variables to refer to: here all are literal."""
    helpers = {one.name for one in process.env if one.helper}
    return {name: one for name, one in variables.items() if name not in helpers}


def _env_files(local: Local, process: Process) -> list[Any]:
    """ConfigMaps and Secrets made by others, whole: a file of the same name beside the compose file."""
    found: list[Any] = []
    for source in process.env_from:
        if source.kind == "config" and any(config.name == source.name for config in local.one.configs):
            continue
        path = f"{source.name}.env"
        found.append(At(source.at, {"path": path, "required": not source.optional}))
        what = f"all of `{source.name}` is taken from {path}"
        prefix = f"; write its names with the prefix {source.prefix}" if source.prefix else ""
        local.problems.append(Problem("compose-env-file", source.at, what + prefix, severity=Severity.INFO))
    return found


def _healthcheck(one: Resolved, process: Process) -> Any:
    """The question of the readiness probe, asked by what the development image has."""
    probe = process.health.ready or process.health.live
    if probe is None:
        return None
    language = one.build.language if one.build and process.image.built and not one.build.dockerfile else ""
    checker = _CHECKERS.get(language, _OTHERS) if language else ""
    if probe.kind == "grpc" and not language:
        return None
    command = probe_command(probe, checker)
    if not command:
        return None
    return At(
        probe.at or ("health",),
        {
            "test": ["CMD", *(escaped(word) for word in command)],
            "interval": f"{probe.period}s",
            "timeout": f"{probe.timeout}s",
            "retries": probe.failure,
            "start_period": f"{process.health.starting}s",
        },
    )


def _limits(process: Process) -> Any:
    limits = dict(process.resources.limits)
    found: dict[str, str] = {}
    if "cpu" in limits and millicores(limits["cpu"]) <= _MOST_CPU:
        found["cpus"] = f"{millicores(limits['cpu']) / 1000:g}"
    if "memory" in limits:
        found["memory"] = memory(limits["memory"])
    return At(("resources",), {"resources": {"limits": found}}) if found else None

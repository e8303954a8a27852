"""A process becomes a container."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svc.resolve.types.process import (
    ConfigKey,
    ContainerResource,
    EnvFrom,
    EnvValue,
    HttpStop,
    Literal_,
    Mount,
    PodField,
    Port,
    Probe,
    Process,
    SecretKey,
    Variable,
)
from svc.tree import At, without_none


def container(process: Process, *, sidecar: bool = False) -> At:
    """One entry of `containers`, or of `initContainers` when `sidecar` makes it a native sidecar."""
    health = process.health
    made = {
        "name": process.name,
        "image": At(process.image.at or process.at, process.image.reference),
        "imagePullPolicy": "Always",
        "restartPolicy": "Always" if sidecar else None,
        "command": _words(process, "command", process.command),
        "args": _words(process, "args", process.args),
        "workingDir": process.workdir or None,
        "ports": [At(one.at, container_port(one)) for one in process.ports] or None,
        "env": [At(one.at, variable(one)) for one in process.env] or None,
        "envFrom": [At(one.at, env_from(one)) for one in process.env_from] or None,
        "resources": At(process.resources.at or process.at, _resources(process)),
        "startupProbe": _probe(health.startup),
        "readinessProbe": _probe(health.ready),
        "livenessProbe": _probe(health.live),
        "lifecycle": _lifecycle(process.pre_stop),
        "volumeMounts": [At(one.at or process.at, _mount(one)) for one in process.mounts] or None,
        "securityContext": security_context(process)
        if process.read_only_root
        else At((*process.at, "read_only"), security_context(process)),
    }
    return At(process.at, without_none(made))


def _words(process: Process, key: str, words: Sequence[str] | None) -> list[At] | None:
    return None if words is None else [At((*process.at, key, index), word) for index, word in enumerate(words)]


def container_port(port: Port) -> dict[str, Any]:
    return {"name": port.name, "containerPort": port.number, "protocol": port.transport}


def variable(one: Variable) -> dict[str, Any]:
    if isinstance(one.value, Literal_):
        return {"name": one.name, "value": one.value.text}
    return {"name": one.name, "valueFrom": _source(one.value)}


def _source(value: EnvValue) -> dict[str, Any]:
    match value:
        case SecretKey(secret, key, optional):
            return {"secretKeyRef": {"name": secret, "key": key, **_optional(optional)}}
        case ConfigKey(config, key, optional):
            return {"configMapKeyRef": {"name": config, "key": key, **_optional(optional)}}
        case PodField(path):
            return {"fieldRef": {"fieldPath": path}}
        case ContainerResource(resource):
            return {"resourceFieldRef": {"resource": resource}}
    raise AssertionError(f"a literal is not a source: {value}")


def env_from(one: EnvFrom) -> dict[str, Any]:
    reference = {"name": one.name, **_optional(one.optional)}
    key = "configMapRef" if one.kind == "config" else "secretRef"
    return {**({"prefix": one.prefix} if one.prefix else {}), key: reference}


def _optional(optional: bool) -> dict[str, bool]:
    return {"optional": True} if optional else {}


def _resources(process: Process) -> dict[str, Any]:
    parts = {"requests": dict(process.resources.requests), "limits": dict(process.resources.limits)}
    return {key: value for key, value in parts.items() if value}


def _probe(probe: Probe | None) -> At | None:
    if probe is None:
        return None
    made = {
        **_probe_action(probe),
        "initialDelaySeconds": probe.initial_delay or None,
        "periodSeconds": probe.period,
        "timeoutSeconds": probe.timeout,
        "successThreshold": probe.success if probe.success != 1 else None,
        "failureThreshold": probe.failure,
    }
    return At(probe.at, without_none(made))


def _probe_action(probe: Probe) -> dict[str, Any]:
    port = probe.port_name or probe.port
    match probe.kind:
        case "http":
            action = {
                "path": probe.path,
                "port": port,
                "scheme": probe.scheme if probe.scheme != "HTTP" else None,
                "httpHeaders": [{"name": name, "value": value} for name, value in probe.headers] or None,
            }
            return {"httpGet": without_none(action)}
        case "grpc":
            return {"grpc": without_none({"port": probe.port, "service": probe.grpc_service or None})}
        case "tcp":
            return {"tcpSocket": {"port": port}}
        case "exec":
            return {"exec": {"command": list(probe.command)}}


def _lifecycle(pre_stop: tuple[str, ...] | int | HttpStop | None) -> dict[str, Any] | None:
    if pre_stop is None:
        return None
    if isinstance(pre_stop, HttpStop):
        scheme = pre_stop.scheme if pre_stop.scheme != "HTTP" else None
        request = {"path": pre_stop.path, "port": pre_stop.port_name or pre_stop.port, "scheme": scheme}
        return {"preStop": {"httpGet": without_none(request)}}
    action = {"sleep": {"seconds": pre_stop}} if isinstance(pre_stop, int) else {"exec": {"command": list(pre_stop)}}
    return {"preStop": action}


def _mount(mount: Mount) -> dict[str, Any]:
    made = {
        "name": mount.volume,
        "mountPath": mount.path,
        "subPath": mount.sub_path or None,
        "readOnly": True if mount.read_only else None,
    }
    return without_none(made)


def security_context(process: Process) -> dict[str, Any]:
    """What Pod Security "restricted" demands of a container, and a read-only root file system."""
    capabilities: dict[str, Any] = {"drop": ["ALL"]}
    if process.add_capabilities:
        capabilities["add"] = At((*process.at, "capabilities"), list(process.add_capabilities))
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": capabilities,
        "privileged": False,
        "readOnlyRootFilesystem": At((*process.at, "read_only"), process.read_only_root),
        "runAsGroup": process.group,
        "runAsNonRoot": True,
        "runAsUser": At((*process.at, "user"), process.user),
        "seccompProfile": {"type": "RuntimeDefault"},
    }

"""Needs that run in the cluster beside the service: one hardened pod each, for environments that can lose a node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem
from svc.kubernetes import meta
from svc.kubernetes.containers import container
from svc.kubernetes.network import API, need_selector
from svc.kubernetes.pods import pod_security
from svc.kubernetes.types import Manifest
from svc.kubernetes.workloads import retention
from svc.resolve import names
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Health, Literal_, Mount, Port, Probe, Process, Resources, Variable
from svc.resolve.types.whole import Resolved
from svc.tree import At, without_none

_SCRATCH: Mapping[str, tuple[tuple[str, str], ...]] = {
    "postgres": (("run", "/var/run/postgresql"), ("tmp", "/tmp")),
    "mysql": (("run", "/var/run/mysqld"), ("tmp", "/tmp")),
    "redis": (("tmp", "/tmp"),),
    "rabbitmq": (("log", "/var/log/rabbitmq"), ("tmp", "/tmp")),
    "mongodb": (("config", "/data/configdb"), ("tmp", "/tmp")),
}
"""Besides its data: what the type's official image writes to, since the root file system is read-only."""

SIZES: Mapping[str, tuple[str, str, str]] = {
    "small": ("100m", "500m", "256Mi"),
    "medium": ("500m", "1", "1Gi"),
    "large": ("1", "2", "4Gi"),
}
"""Size of a need -> CPU request, CPU limit, memory."""

_GRACE = 60


def need_problems(resolved: Resolved) -> tuple[Problem, ...]:
    return tuple(one for need in resolved.needs for one in _problems(need))


def _problems(need: Need) -> Iterator[Problem]:
    if need.realise == "container":
        message = f"need {need.name} is realised as a container, which only a developer's machine has"
        yield Problem("need-container", need.at, message, "use in-cluster, managed or existing")
    if need.realise == "in-cluster" and (need.type not in _SCRATCH or need.image is None):
        message = f"a {need.type} cannot run in the cluster; what can: {', '.join(sorted(_SCRATCH))}"
        yield Problem("need-not-in-cluster", need.at, message, "use managed or existing")


def needs(resolved: Resolved) -> Iterator[Manifest]:
    for need in resolved.needs:
        if need.realise == "in-cluster" and need.type in _SCRATCH and need.image is not None:
            yield from _objects(resolved, need)


def _objects(resolved: Resolved, need: Need) -> Iterator[Manifest]:
    selector = need_selector(resolved, need)
    head = meta.metadata(resolved, need.object_name, selector, version=need.version)
    yield meta.manifest("v1", "ServiceAccount", head, need.at, automountServiceAccountToken=False)
    port = {"name": need.type, "port": need.port, "targetPort": need.type, "protocol": "TCP"}
    service = {"type": "ClusterIP", "clusterIP": "None", "selector": selector, "ports": [port]}
    yield meta.manifest("v1", "Service", head, need.at, spec=service)
    yield meta.manifest("apps/v1", "StatefulSet", head, need.at, spec=_stateful_set(resolved, need, selector))
    clients = {"podSelector": {"matchLabels": meta.pods_selector(resolved)}}
    policy = {
        "podSelector": {"matchLabels": selector},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [clients], "ports": [{"port": need.port, "protocol": "TCP"}]}],
        "egress": [],
    }
    yield meta.manifest(API, "NetworkPolicy", head, need.at, spec=policy)


def _stateful_set(resolved: Resolved, need: Need, selector: dict[str, str]) -> dict[str, Any]:
    template = {
        "metadata": {"labels": meta.common_labels(resolved, selector, need.version)},
        "spec": _pod(need),
    }
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "labels": selector},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": need.storage}}},
    }
    made = {
        "serviceName": need.object_name,
        "replicas": 1,
        "updateStrategy": {"type": "RollingUpdate"},
        "persistentVolumeClaimRetentionPolicy": retention(True) if _stored(need) else None,
        "selector": {"matchLabels": selector},
        "template": template,
        "volumeClaimTemplates": [At((*need.at, "storage"), claim)] if _stored(need) else None,
    }
    return without_none(made)


def _stored(need: Need) -> bool:
    return bool(need.storage and need.data_path)


def _pod(need: Need) -> dict[str, Any]:
    scratch: list[dict[str, Any]] = [
        {"name": name, "emptyDir": {"sizeLimit": "64Mi"}} for name, _ in _SCRATCH[need.type]
    ]
    if need.data_path and not _stored(need):
        scratch.insert(0, {"name": "data", "emptyDir": {"sizeLimit": "1Gi"}})
    return {
        "serviceAccountName": need.object_name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": _GRACE,
        "securityContext": pod_security(need.user, need.user, need.user),
        "containers": [container(_process(need))],
        "volumes": scratch,
    }


def _process(need: Need) -> Process:
    assert need.image is not None, need.name
    data = (Mount("data", need.data_path),) if need.data_path else ()
    cpu, cpu_limit, memory = SIZES[need.size]
    requests = (("cpu", cpu), ("ephemeral-storage", "128Mi"), ("memory", memory))
    return Process(
        name=need.type,
        image=need.image,
        command=None,
        args=_arguments(need),
        workdir="",
        env=(*need.env, *_extra_env(need)),
        env_from=(),
        mounts=(*data, *(Mount(name, path) for name, path in _SCRATCH[need.type])),
        ports=(Port(need.type, need.port, need.port, "tcp", at=need.at),),
        health=_health(need),
        resources=Resources(
            requests, (("cpu", cpu_limit), ("ephemeral-storage", "2Gi"), ("memory", memory)), (*need.at, "size")
        ),
        user=need.user,
        group=need.user,
        read_only_root=True,
        add_capabilities=(),
        pre_stop=None,
        at=need.at,
    )


def _arguments(need: Need) -> tuple[str, ...] | None:
    """The image's entry point stays. A new disk is not empty (`lost+found`): MySQL gets a folder of its own on it."""
    if need.type == "mysql" and need.command is None:
        return (f"--datadir={need.data_path}/data",)
    return need.command


def _extra_env(need: Need) -> tuple[Variable, ...]:
    """PostgreSQL too wants an empty folder that it owns, so not the root of a disk."""
    if need.type != "postgres" or any(one.name == "PGDATA" for one in need.env):
        return ()
    return (Variable("PGDATA", Literal_(f"{need.data_path}/pgdata"), need.at),)


def _health(need: Need) -> Health:
    """Ready when its own client says so; alive while the port is open, so that load alone restarts nothing."""
    startup = Probe("tcp", need.port, need.type, period=5, timeout=5, failure=60, at=need.at)
    live = Probe("tcp", need.port, need.type, period=20, timeout=5, failure=6, at=need.at)
    ready = live
    if need.healthcheck:
        ready = Probe("exec", command=need.healthcheck, period=10, timeout=5, at=need.at)
    return Health(ready, live, startup, need.at)


_ASKED: Mapping[str, str] = {
    "postgres": 'pg_isready --quiet --username postgres --host "$0" --port "$1"',
    "mysql": 'mysqladmin ping --silent --user ping --connect-timeout=2 --host "$0" --port "$1"',
    "mongodb": 'mongosh --quiet --norc --host "$0" --port "$1" --eval "db.hello()"',
    "redis": 'redis-cli -h "$0" -p "$1" ping',
    "rabbitmq": 'nc -z -w 2 "$0" "$1"',
}
"""What the type's own image asks it from outside; whether it may come in does not matter. The user that runs it has no name."""


def wait_for(need: Need) -> Process:
    """A step that ends when the need answers: a job that is started together with it would use up its retries."""
    assert need.image is not None, need.name
    requests = (("cpu", "10m"), ("ephemeral-storage", "16Mi"), ("memory", "64Mi"))
    limits = (("cpu", "500m"), ("ephemeral-storage", "64Mi"), ("memory", "256Mi"))
    script = f"until {_ASKED[need.type]} > /dev/null 2>&1; do sleep 2; done"
    return Process(
        name=f"wait-for-{need.name}",
        image=need.image,
        command=("sh", "-c", script, need.object_name, str(need.port)),
        args=None,
        workdir="",
        env=(),
        env_from=(),
        mounts=(),
        ports=(),
        health=Health(),
        resources=Resources(requests, limits, need.at),
        user=names.UID,
        group=names.UID,
        read_only_root=True,
        add_capabilities=(),
        pre_stop=None,
        at=need.at,
    )

"""`helm test`: a job that connects to the released service, and the policies that let it."""

from __future__ import annotations

from typing import Any

from svc import pins
from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve import names
from svc.resolve.types.process import Port
from svc.resolve.types.whole import Resolved

_NETWORK = "networking.k8s.io/v1"


def test_objects(resolved: Resolved) -> tuple[Manifest, ...]:
    """Nothing for a service that no TCP port leads to."""
    server = resolved.server
    ports = (
        [port for port in server.service.ports if port.transport == "TCP"]
        if server is not None and server.service is not None
        else []
    )
    if server is None or not ports:
        return ()
    port = next((one for one in ports if one.protocol == "http"), ports[0])
    name = f"{resolved.name}-test"
    selector = {names.NAME_LABEL: name, names.HELM_INSTANCE_LABEL: resolved.name, names.COMPONENT_LABEL: "test"}
    pods = {"podSelector": {"matchLabels": names.selector(resolved, server.component)}}
    own = {"podSelector": {"matchLabels": selector}}
    opened = [{"port": port.number, "protocol": "TCP"}]
    dns = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    ask = {"to": [dns], "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}
    incoming = {**pods, "policyTypes": ["Ingress"], "ingress": [{"from": [own], "ports": opened}]}
    outgoing = {
        **own,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [],
        "egress": [ask, {"to": [pods], "ports": opened}],
    }
    made = [
        meta.manifest(_NETWORK, "NetworkPolicy", _head(resolved, f"{name}-in", selector, "-2"), (), spec=incoming),
        meta.manifest(_NETWORK, "NetworkPolicy", _head(resolved, f"{name}-out", selector, "-2"), (), spec=outgoing),
        meta.manifest(
            "v1", "ServiceAccount", _head(resolved, name, selector, "-2"), (), automountServiceAccountToken=False
        ),
        meta.manifest(
            "batch/v1", "Job", _head(resolved, name, selector, "0"), (), spec=_job(resolved, name, selector, port)
        ),
    ]
    return tuple(made)


def _head(resolved: Resolved, name: str, selector: dict[str, str], weight: str) -> dict[str, Any]:
    notes = [(meta.HOOK, "test"), (meta.HOOK_WEIGHT, weight), (meta.HOOK_DELETE, "before-hook-creation,hook-succeeded")]
    return meta.metadata(resolved, name, selector, notes)


def _job(resolved: Resolved, name: str, selector: dict[str, str], port: Port) -> dict[str, Any]:
    container = {
        "name": "connect",
        "image": pins.image("busybox", "1.38.0").reference,
        "imagePullPolicy": "Always",
        "command": _command(resolved, port),
        "env": [{"name": "HOST", "value": _host(resolved)}, {"name": "PORT", "value": str(port.service)}],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        },
        "resources": {
            "requests": {"cpu": "10m", "memory": "16Mi", "ephemeral-storage": "16Mi"},
            "limits": {"cpu": "100m", "memory": "32Mi", "ephemeral-storage": "64Mi"},
        },
    }
    pod = {
        "serviceAccountName": name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": names.UID,
            "runAsGroup": names.UID,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
    }
    template = {"metadata": {"labels": meta.common_labels(resolved, selector)}, "spec": pod}
    return {"backoffLimit": 2, "activeDeadlineSeconds": 120, "template": template}


def _host(resolved: Resolved) -> str:
    assert resolved.server is not None
    assert resolved.server.service is not None
    return resolved.server.service.name


def _command(resolved: Resolved, port: Port) -> list[str]:
    """Kubernetes itself puts HOST and PORT into the command: the image needs no shell."""
    ready = resolved.server.main.health.ready if resolved.server is not None else None
    asked = ready is not None and ready.kind == "http" and ready.port == port.number and not ready.headers
    if ready is not None and asked and port.protocol == "http":
        return ["wget", "-q", "-T", "10", "-O", "/dev/null", f"http://$(HOST):$(PORT){ready.path.replace('$', '$$')}"]
    return ["nc", "-z", "-w", "10", "$(HOST)", "$(PORT)"]

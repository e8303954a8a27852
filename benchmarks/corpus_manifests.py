"""Texts of the corpus that run an application on Kubernetes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.corpus_builds import App

Object = dict[str, Any]


def manifests(one: App) -> Iterator[tuple[str, str]]:
    """A folder of manifests: a file each, or all of them in one file, as people like it."""
    made = list(_objects(one))
    if one.often(0.25):
        yield "deploy/all.yaml", "---\n".join(_yaml(text) for _, text in made)
        return
    for name, manifest in made:
        if one.often(0.04):
            yield f"deploy/{name}.json", json.dumps(manifest, indent=2) + "\n"
        else:
            yield f"deploy/{name}.yaml", _yaml(manifest)


def _objects(one: App) -> Iterator[tuple[str, Object]]:
    kind = one.chance.choices(("Deployment", "StatefulSet", "DaemonSet"), (8, 2, 1))[0]
    yield kind.lower(), _workload(one, kind)
    yield "service", _object(one, "v1", "Service", _service(one))
    yield "configmap", {**_head(one, "v1", "ConfigMap"), "data": _settings(one)}
    if one.often(0.6):
        yield "ingress", _object(one, "networking.k8s.io/v1", "Ingress", _ingress(one))
    if one.often(0.5):
        yield "hpa", _object(one, "autoscaling/v2", "HorizontalPodAutoscaler", _scaling(one, kind))
    if one.often(0.5):
        budget = {"minAvailable": 1 if one.careful() else "100%", "selector": {"matchLabels": _labels(one)}}
        yield "pdb", _object(one, "policy/v1", "PodDisruptionBudget", budget)
    if one.often(0.5):
        yield "networkpolicy", _object(one, "networking.k8s.io/v1", "NetworkPolicy", _traffic(one))
    if one.often(0.5):
        yield "serviceaccount", _head(one, "v1", "ServiceAccount")
        yield "role", {**_head(one, "rbac.authorization.k8s.io/v1", "Role"), "rules": [_rule(one)]}
        yield "rolebinding", _binding(one)
    if one.often(0.3):
        yield "cronjob", _object(one, "batch/v1", "CronJob", _nightly(one))


def _labels(one: App) -> dict[str, str]:
    return {"app.kubernetes.io/name": one.name}


def _head(one: App, version: str, kind: str) -> Object:
    labels = {**_labels(one), "app.kubernetes.io/part-of": one.team} if one.careful() else _labels(one)
    named: Object = {"name": one.name, "labels": labels}
    if one.often(0.7):
        named["namespace"] = one.team
    return {"apiVersion": version, "kind": kind, "metadata": named}


def _object(one: App, version: str, kind: str, spec: Object) -> Object:
    return {**_head(one, version, kind), "spec": spec}


def _workload(one: App, kind: str) -> Object:
    spec: Object = {"selector": {"matchLabels": _labels(one)}}
    if kind != "DaemonSet":
        spec["replicas"] = 3 if one.careful() else 1
    if kind == "StatefulSet":
        spec["serviceName"] = one.name
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}}}
        spec["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": claim}]
    spec["template"] = {"metadata": {"labels": _labels(one)}, "spec": _pod(one)}
    return _object(one, "apps/v1", kind, spec)


def _pod(one: App) -> Object:
    pod: Object = {"containers": [_container(one, one.name)]}
    if one.often(0.2):
        pod["initContainers"] = [_container(one, "migrate")]
    if one.often(0.2):
        pod["containers"].append(_container(one, "sidecar"))
    if one.careful():
        pod["securityContext"] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        pod["automountServiceAccountToken"] = False
    elif one.often(0.3):
        pod["hostNetwork"] = True
    if one.careful():
        spread = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway"}
        pod["topologySpreadConstraints"] = [{**spread, "labelSelector": {"matchLabels": _labels(one)}}]
    pod["volumes"] = [{"name": "tmp", "emptyDir": {}}, {"name": "config", "configMap": {"name": one.name}}]
    if not one.careful():
        pod["volumes"].append({"name": "host", "hostPath": {"path": "/var/run"}})
    return pod


def _container(one: App, name: str) -> Object:
    made: Object = {"name": name, "image": one.image()}
    if one.often(0.3):
        made |= {"command": ["/app/app"], "args": ["--port", str(one.port), "--config=/etc/app/config.yaml"]}
    made["env"] = [
        {"name": "LOG_LEVEL", "value": "info"},
        {"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": f"{one.name}-db", "key": "password"}}}
        if one.careful()
        else {"name": "DB_PASSWORD", "value": f"s3cret-{one.chance.randrange(10**6)}"},
    ]
    if name != "migrate":
        made["ports"] = [{"name": "http", "containerPort": one.port}]
        if one.careful():
            probe = {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10}
            made |= {"livenessProbe": {**probe, "initialDelaySeconds": 10}, "readinessProbe": probe}
    if one.careful():
        made["resources"] = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
    if one.careful():
        made["securityContext"] = {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    elif one.often(0.2):
        made["securityContext"] = {"privileged": True, "capabilities": {"add": ["SYS_ADMIN"]}}
    made["volumeMounts"] = [{"name": "tmp", "mountPath": "/tmp"}, {"name": "config", "mountPath": "/etc/app"}]
    return made


def _service(one: App) -> Object:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    kind = "ClusterIP" if one.careful() else one.chance.choice(("NodePort", "LoadBalancer"))
    return {"type": kind, "selector": _labels(one), "ports": ports}


def _settings(one: App) -> dict[str, str]:
    lines = [f"  {key}: {one.chance.randrange(1, 500)}" for key in ("workers", "timeout", "retries", "queue")]
    return {"config.yaml": "\n".join(["server:", f"  port: {one.port}", *lines]) + "\n", "LOG_FORMAT": "json"}


def _ingress(one: App) -> Object:
    host = f"{one.name}.{one.team}.example.com"
    backend = {"service": {"name": one.name, "port": {"name": "http"}}}
    rule = {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    made: Object = {"ingressClassName": "nginx", "rules": [rule]}
    if one.careful():
        made["tls"] = [{"hosts": [host], "secretName": f"{one.name}-tls"}]
    return made


def _scaling(one: App, kind: str) -> Object:
    of = {"apiVersion": "apps/v1", "kind": kind, "name": one.name}
    use = {"type": "Utilization", "averageUtilization": 70}
    metric = {"type": "Resource", "resource": {"name": "cpu", "target": use}}
    return {"scaleTargetRef": of, "minReplicas": 2, "maxReplicas": 8, "metrics": [metric]}


def _traffic(one: App) -> Object:
    near = {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": one.team}}}]}
    ingress = [{**near, "ports": [{"port": one.port}]}] if one.careful() else [{}]
    return {"podSelector": {"matchLabels": _labels(one)}, "policyTypes": ["Ingress"], "ingress": ingress}


def _rule(one: App) -> Object:
    if one.careful():
        return {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}
    return {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}


def _binding(one: App) -> Object:
    group = "rbac.authorization.k8s.io"
    made = _head(one, f"{group}/v1", "RoleBinding")
    made["roleRef"] = {"apiGroup": group, "kind": "Role", "name": one.name}
    made["subjects"] = [{"kind": "ServiceAccount", "name": one.name, "namespace": one.team}]
    return made


def _nightly(one: App) -> Object:
    pod = {**_pod(one), "restartPolicy": "OnFailure"}
    job = {"backoffLimit": 2, "template": {"metadata": {"labels": _labels(one)}, "spec": pod}}
    return {
        "schedule": f"{one.chance.randrange(60)} 3 * * *",
        "concurrencyPolicy": "Forbid",
        "jobTemplate": {"spec": job},
    }


def _yaml(data: Object) -> str:
    return "".join(f"{line}\n" for line in _lines(data))


def _lines(data: Any, deep: int = 0) -> Iterator[str]:
    """Block style, two spaces, as people write it."""
    space = "  " * deep
    entries = data.items() if isinstance(data, dict) else ((None, item) for item in data)
    for key, item in entries:
        head = f"{space}-" if key is None else f"{space}{_scalar(key)}:"
        if isinstance(item, dict | list) and item:
            below = _lines(item, deep + 1)
            if key is None:
                yield f"{head} {next(below).lstrip()}"
            else:
                yield head
            yield from below
        elif isinstance(item, str) and "\n" in item:
            yield f"{head} |"
            yield from (f"{space}  {line}" for line in item.splitlines())
        else:
            yield f"{head} {_scalar(item)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and value and all(char.isalnum() or char in "-_./:@" for char in value):
        plain = (
            not value[0].isdigit()
            and value not in ("true", "false", "null")
            and not value.endswith(":")
            and value[0] not in "-@"
        )
        return value if plain else json.dumps(value)
    return json.dumps(value)

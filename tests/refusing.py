"""Where an API server refuses an object, written in YAML without its head."""

from __future__ import annotations

from typing import Any

from svc.checks._params import NoParams
from svc.checks.kubernetes import object_refused
from svc.kubernetes.types import Manifest
from svc.parse import parse
from svc.source import Source
from svc.tree import Tree

_CORE = "v1"
GROUPS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "Ingress": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Role": "rbac.authorization.k8s.io/v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
}


def said(kind: str, text: str, api: str = "") -> list[tuple[Any, ...]]:
    head = f"apiVersion: {api or GROUPS.get(kind, _CORE)}\nkind: {kind}\n"
    head += "" if text.startswith("metadata:") else "metadata: {name: a}\n"
    data = parse(Source("a.yaml", head + text)).documents[0].data
    found = object_refused.check(Manifest(Tree(data)), NoParams())
    return [one[0] for one in found]

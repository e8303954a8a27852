"""A check in the words of the API server: what it demands as CEL, of which objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svc.kubernetes.types import POD_TEMPLATES
from svc.records import dataclass

PODS = tuple(POD_TEMPLATES)
"""The kinds that make pods, and pods."""

RESOURCES: Mapping[str, tuple[str, str]] = {
    "Pod": ("", "pods"),
    "PodTemplate": ("", "podtemplates"),
    "ReplicationController": ("", "replicationcontrollers"),
    "Deployment": ("apps", "deployments"),
    "ReplicaSet": ("apps", "replicasets"),
    "StatefulSet": ("apps", "statefulsets"),
    "DaemonSet": ("apps", "daemonsets"),
    "Job": ("batch", "jobs"),
    "CronJob": ("batch", "cronjobs"),
    "ClusterRole": ("rbac.authorization.k8s.io", "clusterroles"),
    "ClusterRoleBinding": ("rbac.authorization.k8s.io", "clusterrolebindings"),
    "ConfigMap": ("", "configmaps"),
    "CustomResourceDefinition": ("apiextensions.k8s.io", "customresourcedefinitions"),
    "HorizontalPodAutoscaler": ("autoscaling", "horizontalpodautoscalers"),
    "Ingress": ("networking.k8s.io", "ingresses"),
    "LimitRange": ("", "limitranges"),
    "Namespace": ("", "namespaces"),
    "NetworkPolicy": ("networking.k8s.io", "networkpolicies"),
    "PersistentVolumeClaim": ("", "persistentvolumeclaims"),
    "PodDisruptionBudget": ("policy", "poddisruptionbudgets"),
    "ResourceQuota": ("", "resourcequotas"),
    "Role": ("rbac.authorization.k8s.io", "roles"),
    "RoleBinding": ("rbac.authorization.k8s.io", "rolebindings"),
    "ScaledObject": ("keda.sh", "scaledobjects"),
    "Secret": ("", "secrets"),
    "Service": ("", "services"),
    "ServiceAccount": ("", "serviceaccounts"),
    "StorageClass": ("storage.k8s.io", "storageclasses"),
}
"""Kind -> API group and resource: an API server matches requests by resource."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`faults`: CEL for a list of strings, one for each thing that is wrong with the object. It may use the shared
    variables (`svc.checks.kubernetes.cel.variables`) and its own, which stand in the order they are needed in.

    `of`: what is matched: kinds, or (apiVersion, kind). `owned` False: not what a controller made after a template.
    """

    of: tuple[str | tuple[str, str], ...]
    faults: str
    variables: tuple[tuple[str, str], ...] = ()
    owned: bool = True


@dataclass(frozen=True, slots=True)
class Unsayable:
    """Why no admission policy demands what the check does."""

    why: str


Make = Callable[[Any], Rule | Unsayable]
"""The rule for the check's `Params`."""

"""What Kubernetes itself serves: the kinds that everybody writes, and which groups are its own."""

from __future__ import annotations

_AT = {
    "v1": "ConfigMap Endpoints LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod ReplicationController"
    " ResourceQuota Secret Service ServiceAccount",
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "batch/v1": "CronJob Job",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "policy/v1": "PodDisruptionBudget",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "storage.k8s.io/v1": "StorageClass",
    "scheduling.k8s.io/v1": "PriorityClass",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
}
HOME = {kind: at for at, kinds in _AT.items() for kind in kinds.split()}
"""Kind -> the group and version that serve it."""
_PLAIN = frozenset({"", "extensions", *(at.rpartition("/")[0] for at in HOME.values() if "." not in at)})
"""Its groups without a dot."""


def is_core(api_version: str) -> bool:
    """Whether a version is one of the Kubernetes API itself, and not of a group that somebody else defines."""
    group = api_version.rpartition("/")[0]
    return group in _PLAIN or group.endswith(".k8s.io")


def plural(kind: str) -> str:
    """The resource of a built-in kind, as the API names it."""
    name = kind.lower()
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    if name.endswith("endpoints"):
        return name
    return f"{name}es" if name.endswith("s") else f"{name}s"

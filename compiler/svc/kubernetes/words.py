"""Words that the API of core kinds takes where its schemas only say string: `restartPolicy: Sometimes` is refused.

From the constants of k8s.io/api 1.37 and their validation. An empty text is the default; words that a later minor may
add (finalizers, conditions, stop signals, node conditions) are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.kubernetes.served import is_core
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.suggest import instead, nearest

Words = tuple[str, ...]
Known = Words | list["Known"] | dict[str, "Known"]
"""The words of a text, of the items of a list, or of what stands in a mapping."""

_PROTOCOLS: Words = ("SCTP", "TCP", "UDP")
_PROFILES: Known = {"type": ("Localhost", "RuntimeDefault", "Unconfined")}
_OPERATORS: Words = ("DoesNotExist", "Exists", "In", "NotIn")
_SELECTOR: Known = {"matchExpressions": [{"operator": _OPERATORS}]}
_HONOR: Words = ("Honor", "Ignore")
_KEEP: Words = ("Delete", "Retain")

_REQUEST: Known = {"httpGet": {"scheme": ("HTTP", "HTTPS")}}
_CONTAINER: Known = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "restartPolicy": ("Always", "Never", "OnFailure"),
    "terminationMessagePolicy": ("FallbackToLogsOnError", "File"),
    "ports": [{"protocol": _PROTOCOLS}],
    "livenessProbe": _REQUEST,
    "readinessProbe": _REQUEST,
    "startupProbe": _REQUEST,
    "lifecycle": {"postStart": _REQUEST, "preStop": _REQUEST},
    "resizePolicy": [{"restartPolicy": ("NotRequired", "RestartContainer")}],
    "securityContext": {
        "procMount": ("Default", "Unmasked"),
        "seccompProfile": _PROFILES,
        "appArmorProfile": _PROFILES,
    },
    "volumeMounts": [
        {
            "mountPropagation": ("Bidirectional", "HostToContainer", "None"),
            "recursiveReadOnly": ("Disabled", "Enabled", "IfPossible"),
        }
    ],
}
_NODE_TERM: Known = {"matchExpressions": [{"operator": (*_OPERATORS, "Gt", "Lt")}]}
_POD_TERM: Known = {"labelSelector": _SELECTOR, "namespaceSelector": _SELECTOR}
_POD_AFFINITY: Known = {
    "requiredDuringSchedulingIgnoredDuringExecution": [_POD_TERM],
    "preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": _POD_TERM}],
}
_ACCESS: Words = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_CLAIM: Known = {"accessModes": [_ACCESS], "volumeMode": ("Block", "Filesystem"), "selector": _SELECTOR}
_HOST_PATH: Words = ("BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
_POD: Known = {
    "restartPolicy": ("Always", "Never", "OnFailure"),
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "preemptionPolicy": ("Never", "PreemptLowerPriority"),
    "os": {"name": ("linux", "windows")},
    "containers": [_CONTAINER],
    "initContainers": [_CONTAINER],
    "ephemeralContainers": [_CONTAINER],
    "securityContext": {
        "seccompProfile": _PROFILES,
        "appArmorProfile": _PROFILES,
        "fsGroupChangePolicy": ("Always", "OnRootMismatch"),
        "supplementalGroupsPolicy": ("Merge", "Strict"),
        "seLinuxChangePolicy": ("MountOption", "Recursive"),
    },
    "tolerations": [
        {"operator": ("Equal", "Exists", "Gt", "Lt"), "effect": ("NoExecute", "NoSchedule", "PreferNoSchedule")}
    ],
    "topologySpreadConstraints": [
        {
            "whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
            "nodeAffinityPolicy": _HONOR,
            "nodeTaintsPolicy": _HONOR,
            "labelSelector": _SELECTOR,
        }
    ],
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [_NODE_TERM]},
            "preferredDuringSchedulingIgnoredDuringExecution": [{"preference": _NODE_TERM}],
        },
        "podAffinity": _POD_AFFINITY,
        "podAntiAffinity": _POD_AFFINITY,
    },
    "volumes": [{"hostPath": {"type": _HOST_PATH}, "ephemeral": {"volumeClaimTemplate": {"spec": _CLAIM}}}],
}

_JOB: dict[str, Known] = {
    "selector": _SELECTOR,
    "completionMode": ("Indexed", "NonIndexed"),
    "podReplacementPolicy": ("Failed", "TerminatingOrFailed"),
    "podFailurePolicy": {"rules": [{"action": ("Count", "FailIndex", "FailJob", "Ignore")}]},
}
_METRIC_TARGET: Known = {"target": {"type": ("AverageValue", "Utilization", "Value")}}
_SCALING: Known = {"selectPolicy": ("Disabled", "Max", "Min"), "policies": [{"type": ("Percent", "Pods")}]}
_NETWORK_RULE: Known = {
    "ports": [{"protocol": _PROTOCOLS}],
    "from": [{"podSelector": _SELECTOR, "namespaceSelector": _SELECTOR}],
    "to": [{"podSelector": _SELECTOR, "namespaceSelector": _SELECTOR}],
}
_BINDING: dict[str, Any] = {
    "roleRef": {"kind": ("ClusterRole", "Role"), "apiGroup": ("rbac.authorization.k8s.io",)},
    "subjects": [{"kind": ("Group", "ServiceAccount", "User")}],
}
_WEBHOOKS: Known = {
    "webhooks": [
        {
            "failurePolicy": ("Fail", "Ignore"),
            "matchPolicy": ("Equivalent", "Exact"),
            "sideEffects": ("None", "NoneOnDryRun"),
            "reinvocationPolicy": ("IfNeeded", "Never"),
            "rules": [
                {
                    "operations": [("*", "CONNECT", "CREATE", "DELETE", "UPDATE")],
                    "scope": ("*", "Cluster", "Namespaced"),
                }
            ],
        }
    ]
}
_ROLLING: Known = {"type": ("OnDelete", "RollingUpdate")}

_KINDS: Mapping[str, Known] = {
    "Deployment": {"spec": {"strategy": {"type": ("Recreate", "RollingUpdate")}, "selector": _SELECTOR}},
    "ReplicaSet": {"spec": {"selector": _SELECTOR}},
    "DaemonSet": {"spec": {"updateStrategy": _ROLLING, "selector": _SELECTOR}},
    "StatefulSet": {
        "spec": {
            "updateStrategy": _ROLLING,
            "selector": _SELECTOR,
            "podManagementPolicy": ("OrderedReady", "Parallel"),
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": _KEEP, "whenScaled": _KEEP},
            "volumeClaimTemplates": [{"spec": _CLAIM}],
        }
    },
    "Job": {"spec": _JOB},
    "CronJob": {"spec": {"concurrencyPolicy": ("Allow", "Forbid", "Replace"), "jobTemplate": {"spec": _JOB}}},
    "Service": {
        "spec": {
            "type": ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
            "sessionAffinity": ("ClientIP", "None"),
            "externalTrafficPolicy": ("Cluster", "Local"),
            "internalTrafficPolicy": ("Cluster", "Local"),
            "ipFamilyPolicy": ("PreferDualStack", "RequireDualStack", "SingleStack"),
            "ipFamilies": [("IPv4", "IPv6")],
            "ports": [{"protocol": _PROTOCOLS}],
        }
    },
    "Ingress": {
        "spec": {"rules": [{"http": {"paths": [{"pathType": ("Exact", "ImplementationSpecific", "Prefix")}]}}]}
    },
    "NetworkPolicy": {
        "spec": {
            "policyTypes": [("Egress", "Ingress")],
            "podSelector": _SELECTOR,
            "ingress": [_NETWORK_RULE],
            "egress": [_NETWORK_RULE],
        }
    },
    "PersistentVolumeClaim": {"spec": _CLAIM},
    "PersistentVolume": {
        "spec": {
            "accessModes": [_ACCESS],
            "volumeMode": ("Block", "Filesystem"),
            "persistentVolumeReclaimPolicy": (*_KEEP, "Recycle"),
        }
    },
    "StorageClass": {"reclaimPolicy": _KEEP, "volumeBindingMode": ("Immediate", "WaitForFirstConsumer")},
    "HorizontalPodAutoscaler": {
        "spec": {
            "metrics": [
                {
                    "type": ("ContainerResource", "External", "Object", "Pods", "Resource"),
                    "resource": _METRIC_TARGET,
                    "containerResource": _METRIC_TARGET,
                    "external": _METRIC_TARGET,
                    "object": _METRIC_TARGET,
                    "pods": _METRIC_TARGET,
                }
            ],
            "behavior": {"scaleUp": _SCALING, "scaleDown": _SCALING},
        }
    },
    "PodDisruptionBudget": {
        "spec": {"unhealthyPodEvictionPolicy": ("AlwaysAllow", "IfHealthyBudget"), "selector": _SELECTOR}
    },
    "RoleBinding": _BINDING,
    "ClusterRoleBinding": {**_BINDING, "roleRef": {**_BINDING["roleRef"], "kind": ("ClusterRole",)}},
    "PriorityClass": {"preemptionPolicy": ("Never", "PreemptLowerPriority")},
    "ValidatingWebhookConfiguration": _WEBHOOKS,
    "MutatingWebhookConfiguration": _WEBHOOKS,
    "CustomResourceDefinition": {"spec": {"scope": ("Cluster", "Namespaced")}},
    "EndpointSlice": {"addressType": ("FQDN", "IPv4", "IPv6"), "ports": [{"protocol": _PROTOCOLS}]},
}


def at(kind: str, route: Route) -> Known | None:
    """The words that the API takes at a place of a core kind and below it."""
    pod = POD_TEMPLATES.get(kind)
    known: Any = _KINDS.get(kind, {})
    if pod is not None and route[: len(pod)] == pod:
        known, route = _POD, route[len(pod) :]
    for part in route:
        if isinstance(known, dict) and part in known:
            known = known[part]
        elif isinstance(known, list) and isinstance(part, int):
            known = known[0]
        else:
            return None
    return known or None


def check(manifest: Manifest) -> Iterator[Problem]:
    """Each word that the API refuses, at its route."""
    found: list[Problem] = []
    if is_core(manifest.api_version):
        _judge(_KINDS.get(manifest.kind, {}), manifest.tree.data, (), found)
    if manifest.pod_route is not None:
        _judge(_POD, manifest.pod, manifest.pod_route, found)
    return iter(found)


def _judge(known: Known, value: Any, route: Route, found: list[Problem]) -> None:
    if isinstance(known, dict):
        for key, inner in known.items() if isinstance(value, dict) else ():
            if key in value:
                _judge(inner, value[key], (*route, key), found)
    elif isinstance(known, list):
        for index, item in enumerate(value) if isinstance(value, list) else ():
            _judge(known[0], item, (*route, index), found)
    elif isinstance(value, str) and value and value not in known and not filled_in_later(value):
        words = ", ".join(f"`{one}`" for one in sorted(known))
        message = f"`{value}` is none of {words}{nearest(value, known)}"
        found.append(Problem("manifest-value", route, message, instead(value, known)))

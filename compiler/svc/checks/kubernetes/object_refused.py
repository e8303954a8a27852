"""What an API server refuses although the types are right. A patch is a part of an object: what is missing is not told
of one, but of whole workloads. The rules stand in the modules `_*_refusals` of the folder above, a sort of objects each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svc.checks._network_refusals import ingress, network_policy, service
from svc.checks._object_refusals import (
    definition,
    encoded,
    keys,
    namespace,
    rules,
    secret,
    subjects,
    volume,
    webhooks,
)
from svc.checks._params import NoParams as Params
from svc.checks._pod_refusals import of_pod
from svc.checks._selector_refusals import selector
from svc.checks._workload_refusals import (
    autoscaler,
    budget,
    by_hand,
    claim,
    claims,
    job,
    numbers,
    replicas,
    schedule,
    strategy,
    time_zone,
)
from svc.checks.pods import Found
from svc.kubernetes.served import is_core
from svc.kubernetes.types import Manifest

_CONCERNS: dict[str, tuple[Callable[[Manifest], Iterator[Found]], ...]] = {
    "Service": (service,),
    "CronJob": (schedule, time_zone, numbers),
    "Job": (job, numbers),
    "HorizontalPodAutoscaler": (autoscaler,),
    "PodDisruptionBudget": (budget, selector),
    "Deployment": (strategy, selector, replicas, numbers),
    "DaemonSet": (selector, numbers),
    "ReplicaSet": (selector, replicas, numbers),
    "Ingress": (ingress,),
    "NetworkPolicy": (network_policy,),
    "PersistentVolumeClaim": (claim,),
    "StatefulSet": (claims, by_hand, selector, replicas, numbers),
    "ConfigMap": (keys, encoded),
    "Secret": (keys, encoded, secret),
    "Namespace": (namespace,),
    "PersistentVolume": (volume,),
    "Role": (rules,),
    "ClusterRole": (rules,),
    "RoleBinding": (subjects,),
    "ClusterRoleBinding": (subjects,),
    "MutatingWebhookConfiguration": (webhooks,),
    "ValidatingWebhookConfiguration": (webhooks,),
    "CustomResourceDefinition": (definition,),
}


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for concern in _CONCERNS.get(manifest.kind, ()) if is_core(manifest.api_version) else ():
        yield from concern(manifest)
    if manifest.pod is not None and manifest.pod_route is not None:
        yield from of_pod(manifest, manifest.pod, manifest.pod_route)

"""Scaling by events: KEDA's ScaledObject, which makes the autoscaler, and the authentications that its triggers use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve.types.scaling import Events, Metric, Trigger, TriggerAuth
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.tree import At, without_none

API = "keda.sh/v1alpha1"


def scaled_object(workload: Workload, events: Events, behavior: dict[str, Any] | None) -> dict[str, Any]:
    scale, fallback = workload.scale, events.fallback
    triggers = [At(one.at or scale.at, _resource(one)) for one in scale.metrics]
    triggers += [At(one.at, _trigger(one)) for one in events.triggers]
    back: dict[str, Any] | None = None
    if fallback is not None:
        back = {"failureThreshold": fallback.failures, "replicas": fallback.replicas}
        if fallback.behavior != "static":
            back["behavior"] = fallback.behavior
    made = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": workload.kind, "name": workload.name},
        "pollingInterval": events.polling,
        "cooldownPeriod": events.cooldown,
        "idleReplicaCount": events.idle,
        "minReplicaCount": scale.min,
        "maxReplicaCount": scale.max,
        "fallback": At(fallback.at, back) if fallback is not None else None,
        "advanced": {"horizontalPodAutoscalerConfig": {"behavior": behavior}} if behavior else None,
        "triggers": triggers,
    }
    return without_none(made)


def _resource(metric: Metric) -> dict[str, Any]:
    """CPU and memory are triggers, too, once KEDA makes the autoscaler."""
    return {
        "type": metric.kind,
        "name": metric.kind,
        "metricType": "Utilization",
        "metadata": {"value": metric.target},
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    auth = trigger.auth
    made = {
        "type": trigger.type,
        "name": trigger.name,
        "metricType": trigger.metric_type or None,
        "metadata": {key: At((*trigger.at, "metadata", key), value) for key, value in trigger.metadata},
        "authenticationRef": At(auth.at, _reference(auth)) if auth is not None else None,
    }
    return without_none(made)


def _reference(auth: TriggerAuth) -> dict[str, Any]:
    return {"name": auth.name, "kind": "ClusterTriggerAuthentication"} if auth.cluster else {"name": auth.name}


def authentications(resolved: Resolved, workload: Workload, events: Events) -> Iterator[Manifest]:
    """One for each trigger that asks with secrets of the service or with an identity of its own."""
    for trigger in events.triggers:
        auth = trigger.auth
        if auth is None or not auth.made:
            continue
        spec = {
            "podIdentity": {"provider": auth.identity} if auth.identity else None,
            "secretTargetRef": [
                At(at, {"parameter": parameter, "name": value.secret, "key": value.key})
                for parameter, value, at in auth.secrets
            ]
            or None,
        }
        head = meta.metadata(resolved, auth.name, workload.component)
        yield meta.manifest(API, "TriggerAuthentication", head, auth.at, spec=without_none(spec))

"""How many replicas there are: the autoscaler, and the budget of voluntary disruptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve import names
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Metric, Workload
from svc.tree import At, without_none


def autoscaling(resolved: Resolved, workload: Workload) -> Iterator[Manifest]:
    if workload.scale.metrics:
        head = meta.metadata(resolved, workload.name, workload.component)
        origin = workload.scale.at or workload.at
        yield meta.manifest("autoscaling/v2", "HorizontalPodAutoscaler", head, origin, spec=_autoscaler(workload))
    if workload.disruption_min is not None:
        head = meta.metadata(resolved, workload.name, workload.component)
        spec = {
            "minAvailable": workload.disruption_min,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": names.selector(resolved, workload.component)},
        }
        origin = workload.scale.at or workload.at
        yield meta.manifest("policy/v1", "PodDisruptionBudget", head, origin, spec=spec)


def _autoscaler(workload: Workload) -> dict[str, Any]:
    scale = workload.scale
    windows = {"scaleUp": scale.scale_up_window, "scaleDown": scale.scale_down_window}
    behavior = {key: {"stabilizationWindowSeconds": one} for key, one in windows.items() if one is not None}
    made = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": workload.kind, "name": workload.name},
        "minReplicas": scale.min,
        "maxReplicas": scale.max,
        "metrics": [At(one.at or scale.at, _metric(one)) for one in scale.metrics],
        "behavior": behavior or None,
    }
    return without_none(made)


def _metric(metric: Metric) -> dict[str, Any]:
    if metric.kind == "pods":
        target = {"type": "AverageValue", "averageValue": metric.target}
        return {"type": "Pods", "pods": {"metric": {"name": metric.name}, "target": target}}
    if metric.kind == "external":
        target = {"type": "AverageValue", "averageValue": metric.target}
        return {"type": "External", "external": {"metric": {"name": metric.name}, "target": target}}
    percent = metric.target.removesuffix("%")
    if percent.isdigit():
        target_: dict[str, Any] = {"type": "Utilization", "averageUtilization": int(percent)}
    else:
        target_ = {"type": "AverageValue", "averageValue": metric.target}
    return {"type": "Resource", "resource": {"name": metric.kind, "target": target_}}

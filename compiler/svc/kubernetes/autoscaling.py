"""How many replicas there are: the autoscaler, ours or KEDA's, and the budget of voluntary disruptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.events import authentications, scaled_object
from svc.kubernetes.types import Manifest
from svc.resolve import names
from svc.resolve.types.scaling import Metric, Rate, Scale
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.scalars import digits
from svc.tree import At, without_none


def autoscaling(resolved: Resolved, workload: Workload) -> Iterator[Manifest]:
    scale = workload.scale
    head = meta.metadata(resolved, workload.name, workload.component)
    origin = scale.at or workload.at
    if scale.events is not None:
        yield from authentications(resolved, workload, scale.events)
        spec = scaled_object(workload, scale.events, behavior(scale))
        yield meta.manifest("keda.sh/v1alpha1", "ScaledObject", head, origin, spec=spec)
    elif scale.metrics:
        yield meta.manifest("autoscaling/v2", "HorizontalPodAutoscaler", head, origin, spec=_autoscaler(workload))
    if workload.disruption_min is not None:
        spec = {
            "minAvailable": workload.disruption_min,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": names.selector(resolved, workload.component)},
        }
        yield meta.manifest("policy/v1", "PodDisruptionBudget", head, origin, spec=spec)


def _autoscaler(workload: Workload) -> dict[str, Any]:
    scale = workload.scale
    made = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": workload.kind, "name": workload.name},
        "minReplicas": scale.min,
        "maxReplicas": scale.max,
        "metrics": [At(one.at or scale.at, _metric(one)) for one in scale.metrics],
        "behavior": behavior(scale),
    }
    return without_none(made)


def behavior(scale: Scale) -> dict[str, Any] | None:
    """How fast it scales; None: as Kubernetes does it by itself."""
    rates = {"scaleUp": scale.up, "scaleDown": scale.down}
    return {key: At(one.at, _rate(one)) for key, one in rates.items() if one is not None} or None


def _rate(rate: Rate) -> dict[str, Any]:
    steps = [{"type": one.unit, "value": one.value, "periodSeconds": one.period} for one in rate.steps]
    made = {
        "stabilizationWindowSeconds": rate.window,
        "selectPolicy": rate.select if rate.select != "Max" or steps else None,
        "policies": steps or None,
    }
    return without_none(made)


def _metric(metric: Metric) -> dict[str, Any]:
    if metric.kind in ("pods", "external", "object"):
        return _named(metric)
    percent = metric.target.removesuffix("%")
    if digits(percent):
        target: dict[str, Any] = {"type": "Utilization", "averageUtilization": int(percent)}
    else:
        target = {"type": "AverageValue", "averageValue": metric.target}
    return {"type": "Resource", "resource": {"name": metric.kind, "target": target}}


def _named(metric: Metric) -> dict[str, Any]:
    """A metric that some other program measures."""
    selector = {"matchLabels": dict(metric.selector)} if metric.selector else None
    target = (
        {"type": "Value", "value": metric.target}
        if metric.in_all
        else {"type": "AverageValue", "averageValue": metric.target}
    )
    api, kind, name = metric.described
    described = {"apiVersion": api, "kind": kind, "name": name} if metric.kind == "object" else None
    source = {
        "describedObject": described,
        "metric": without_none({"name": metric.name, "selector": selector}),
        "target": target,
    }
    return {"type": metric.kind.capitalize(), metric.kind: without_none(source)}

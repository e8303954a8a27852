"""What decides the number of replicas: a number, an autoscaler's metrics, or the events that KEDA scales by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from svc.diagnostics import Route, Severity
from svc.model.scale import ObjectMetric, OutsideMetric, PodMetric, ScaleRate
from svc.model.scale import Scale as GivenScale
from svc.resolve.context import Context
from svc.resolve.triggers import events
from svc.resolve.types.process import Process
from svc.resolve.types.scaling import Metric, Rate, Scale, Step

_SELECTS: Mapping[str, Literal["Max", "Min", "Disabled"]] = {"max": "Max", "min": "Min", "disabled": "Disabled"}
_LONGEST = 1800
"""Seconds: what the API allows as a period."""


def scale(context: Context, given: GivenScale | None, default: int, at: Route, name: str, main: Process) -> Scale:
    """`name` is the workload's; `main` is its container, whose variables a trigger may name."""
    if given is None:
        return Scale(default, default, (), at)
    if given.replicas is not None:
        return Scale(given.replicas, given.replicas, (), at)
    low = given.min if given.min is not None else min(default, given.max or default)
    if given.max is None:
        return Scale(low, low, (), at)
    found = events(context, given, low, at, name, main)
    metrics = _metrics(given, at)
    if not metrics and found is None:
        metrics = [Metric("cpu", "70", at=(*at, "max"))]
    if low == 0 and found is None:
        message = "an autoscaler keeps at least one replica: `min: 0` is taken as 1"
        help_ = "write `min: 1`, or `triggers` for what starts the first one"
        context.report("scale-to-zero", (*at, "min"), message, help=help_, severity=Severity.WARNING)
        low = 1
    up = _rate(context, given.scale_up, given.scale_up_window, at, "scale_up")
    down = _rate(context, given.scale_down, given.scale_down_window, at, "scale_down")
    return Scale(low, given.max, tuple(metrics), at, up, down, found)


def _metrics(given: GivenScale, at: Route) -> list[Metric]:
    found: list[Metric] = []
    if given.cpu is not None:
        found.append(Metric("cpu", given.cpu.rstrip("%"), at=(*at, "cpu")))
    if given.memory is not None:
        found.append(Metric("memory", given.memory.rstrip("%"), at=(*at, "memory")))
    found += [_metric("pods", name, one, (*at, "metrics", name)) for name, one in given.metrics.items()]
    found += [_metric("external", name, one, (*at, "external", name)) for name, one in given.external.items()]
    found += [_metric("object", name, one, (*at, "objects", name)) for name, one in given.objects.items()]
    return found


def _metric(
    kind: Literal["pods", "external", "object"], name: str, one: PodMetric | OutsideMetric, at: Route
) -> Metric:
    in_all = isinstance(one, OutsideMetric) and one.value is not None
    target = one.value if isinstance(one, OutsideMetric) and one.value is not None else one.average
    assert target is not None
    described = (one.api_version, one.kind, one.name) if isinstance(one, ObjectMetric) else ("", "", "")
    return Metric(kind, target, name, at, in_all, tuple(sorted(one.selector.items())), described)


def _rate(context: Context, given: ScaleRate | None, window: int | None, at: Route, key: str) -> Rate | None:
    if given is None:
        return Rate(window, "Max", (), (*at, f"{key}_window")) if window is not None else None
    steps: list[Step] = []
    for index, one in enumerate(given.policies):
        if not 0 < one.period <= _LONGEST:
            message = f"a period of {one.period}s is not what Kubernetes allows: 1s to {_LONGEST // 60}m"
            context.report("scale-period", (*at, key, "policies", index, "period"), message)
        if one.pods is not None:
            steps.append(Step("Pods", one.pods, one.period))
        elif one.percent is not None:
            steps.append(Step("Percent", one.percent, one.period))
    select = _SELECTS[given.select]
    return Rate(window, select, tuple(steps), (*at, key)) if window is not None or steps or select != "Max" else None

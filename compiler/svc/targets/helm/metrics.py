"""An autoscaler's metrics: what a metric is stands in the template, its target is a value under the metric's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svc.targets.helm.demands import INT32
from svc.targets.helm.place import Place, camel
from svc.targets.helm.types import Const, Entry, Fields, Items, Node, When
from svc.targets.helm.values import MISSING, Cases, Missing, common_order

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_PERCENT = {"type": "integer", "minimum": 1, "maximum": INT32}
_AMOUNT = {"type": "string", "minLength": 1}
_USUAL = {"cpu": "targetCPUUtilizationPercentage", "memory": "targetMemoryUtilizationPercentage"}
"""What charts have called these two since they were the only ones."""


def metrics(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """The list at `spec.metrics` of an autoscaler; None at any other place, and where metrics cannot be told apart by names."""
    if (
        place.kind != "HorizontalPodAutoscaler"
        or place.route != ("spec", "metrics")
        or not place.own
        or MISSING in cases
    ):
        return None
    found = [{_identity(metric): metric for metric in case} for case in cases]
    order = common_order([list(one) for one in found])
    whole = all("" not in one and len(one) == len(case) for one, case in zip(found, cases, strict=True))
    if order is None or not whole:
        return None
    entries = [_metric(weaver, tuple(one.get(key, MISSING) for one in found), place) for key in order]
    path = (*place.group, "metrics")
    weaver.hole(path, ([],) * len(cases), "Replaces all metrics.", {"type": "array"}, spot=place.spot())
    return Items(tuple(entries), path)


def _identity(metric: dict[str, Any]) -> str:
    """Everything but the target's amount; empty for a metric of another form."""
    source = metric.get(_source(metric))
    if not isinstance(source, dict) or set(metric) != {"type", _source(metric)} or len(source.get("target") or ()) != 2:
        return ""
    target = sorted(source["target"]), source["target"].get("type")
    return json.dumps([metric["type"], {key: one for key, one in source.items() if key != "target"}, target])


def _source(metric: dict[str, Any]) -> str:
    kind = str(metric.get("type", ""))
    return kind[:1].lower() + kind[1:]


def _metric(weaver: Weaver, cases: Cases, place: Place) -> Entry:
    sample = next(case for case in cases if not isinstance(case, Missing))
    name, source = _source(sample), sample[_source(sample)]
    amount = next(key for key in source["target"] if key != "type")
    amounts = tuple(case if isinstance(case, Missing) else case[name]["target"][amount] for case in cases)
    called = source.get("name") or source.get("metric", {}).get("name", "metric")
    usual = _USUAL.get(called) if amount == "averageUtilization" else None
    path = (*place.group, usual) if usual else (*place.group, "targets", camel(called) or "metric")
    number = isinstance(source["target"][amount], int)
    doc = "Percent of what is requested." if amount == "averageUtilization" else "What is aimed at."
    hole = weaver.hole(path, amounts, doc, _PERCENT if number else _AMOUNT)
    target = Fields((Entry("type", Const(source["target"]["type"])), Entry(amount, hole)))
    inner = [Entry(key, target if key == "target" else _fixed(one)) for key, one in source.items()]
    body = Fields((Entry("type", Const(sample["type"])), Entry(name, Fields(tuple(inner)))))
    return Entry("", body, When(hole.path, "has") if MISSING in cases else None)


def _fixed(value: Any) -> Node:
    if isinstance(value, dict) and value:
        return Fields(tuple(Entry(key, _fixed(one)) for key, one in value.items()))
    return Const(value)

"""A HorizontalPodAutoscaler: its range, its metrics, and how fast it scales."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import added, mapping, patch, take
from svc.importers.ledger import View

Route = tuple[str, ...]
KIND = "HorizontalPodAutoscaler"
_NAMED = {"pods": "metrics", "external": "external", "object": "objects"}
_UNITS = {"Pods": "pods", "Percent": "percent"}


def autoscaler(spec: View, draft: Draft, at: Route, name: str) -> None:
    draft.set((*at, "scale"), {"min": 1})
    for key, to in (("minReplicas", "min"), ("maxReplicas", "max")):
        take(spec.at(key), draft, (*at, "scale", to), spec.at(key).value)
    left = [
        (index, one) for index, one in enumerate(spec.at("metrics").each()) if not _metric(one, draft, (*at, "scale"))
    ]
    some = any(draft.get(*at, "scale", key) for key in ("cpu", "memory", *_NAMED.values()))
    for place, (index, one) in enumerate(left):
        if some or place:
            added(one, draft, KIND, name, ("spec", "metrics", index), one.value)
        else:  # the compiler's own metric, for want of another, gives way
            change = [{"op": "replace", "path": "/spec/metrics", "value": [one.value]}]
            patch(one, draft, KIND, name, {"json_patch": change})
    behavior(spec.at("behavior"), draft, (*at, "scale"), KIND, name, ("spec", "behavior"))
    spec.at("scaleTargetRef").default("svc names its own workload")
    for key, part in spec.items():
        if key == "targetCPUUtilizationPercentage":
            take(part, draft, (*at, "scale", "cpu"), f"{part.text}%")
        elif key not in ("minReplicas", "maxReplicas", "metrics", "scaleTargetRef", "behavior"):
            patch(part, draft, KIND, name, {"merge": {"spec": {key: part.value}}})


def behavior(view: View, draft: Draft, to: Route, kind: str, name: str, route: Route) -> None:
    """`route` is where the behavior stands in the object that the compiler writes."""
    for key, word in (("scaleUp", "scale_up"), ("scaleDown", "scale_down")):
        rate = view.at(key)
        take(
            rate.at("stabilizationWindowSeconds"),
            draft,
            (*to, f"{word}_window"),
            rate.at("stabilizationWindowSeconds").value,
        )
        steps = [_step(one) for one in rate.at("policies").each()]
        known = [one for one in steps if one is not None]
        if known and len(known) == len(steps):
            draft.set((*to, word, "policies"), known)
            for index, one in enumerate(rate.at("policies").each()):
                for inner in ("type", "value", "periodSeconds"):
                    one.at(inner).mapped(*to, word, "policies", index)
        select = rate.at("selectPolicy")
        if select.text in ("Min", "Disabled"):
            take(select, draft, (*to, word, "select"), select.text.lower())
        elif select.text == "Max":
            select.default("the largest step counts unless something else is said")
        for inner, part in rate.items():
            taken = inner in ("stabilizationWindowSeconds", "selectPolicy") or (inner == "policies" and known)
            if not taken:
                patch(part, draft, kind, name, {"merge": _nested((*route, key, inner), part.value)})


def _nested(route: Route, value: object) -> dict[str, object]:
    for part in reversed(route[1:]):
        value = {part: value}
    return {route[0]: value}


def _step(one: View) -> dict[str, object] | None:
    unit = _UNITS.get(one.at("type").text)
    if unit is None or set(mapping(one)) != {"type", "value", "periodSeconds"}:
        return None
    return {unit: one.at("value").value, "period": one.at("periodSeconds").value}


def _metric(one: View, draft: Draft, to: Route) -> bool:
    """Whether the language has words for the metric."""
    kind, resource = one.at("type").text, one.at("resource")
    percent = resource.at("target", "averageUtilization")
    if kind in ("", "Resource") and resource.at("name").text in ("cpu", "memory") and percent.there:
        take(percent, draft, (*to, resource.at("name").text), f"{percent.text}%")
        resource.at("name").mapped(*to, resource.at("name").text)
        one.at("type").default("a resource's utilization")
        resource.at("target", "type").default("a resource's utilization")
        return True
    for key, word in _NAMED.items():
        if one.at(key).there and _named(one.at(key), draft, (*to, word), whole=key != "pods"):
            one.at("type").default("known from where it stands")
            return True
    return False


def _named(part: View, draft: Draft, to: Route, *, whole: bool) -> bool:
    """A metric by its name; False when something about it has no word."""
    metric, target, described = part.at("metric"), part.at("target"), part.at("describedObject")
    selector = metric.at("selector", "matchLabels")
    value = target.at("averageValue") if target.at("averageValue").there else target.at("value")
    known = set(mapping(metric)) <= {"name", "selector"} and set(mapping(metric.at("selector"))) <= {"matchLabels"}
    fits = value.there and (whole or target.at("averageValue").there)
    if not (known and fits) or (described.there and not described.at("apiVersion").there):
        return False
    route = (*to, metric.at("name").text)
    if draft.get(*route) is not None:
        return False
    average = "average" if target.at("averageValue").there else "value"
    if average == "average" and not described.there and not selector.there:
        take(value, draft, route, value.text)
    else:
        take(value, draft, (*route, average), value.text)
        for key, label in selector.items():
            take(label, draft, (*route, "selector", key), label.text)
        for key, word in (("apiVersion", "api_version"), ("kind", "kind"), ("name", "name")):
            take(described.at(key), draft, (*route, word), described.at(key).text)
    metric.at("name").mapped(*route)
    target.at("type").default("known from where it stands")
    return True

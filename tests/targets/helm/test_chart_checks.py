"""Which checks and bounds a chart has: those that its template asks for, and that all its environments pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import samples
from svc.fits import fitting
from svc.resolve.types.process import Literal_, SecretKey, Variable
from svc.resolve.types.whole import Resolved
from svc.targets.helm import target as helm
from svc.targets.helm.bounds import bounded
from svc.targets.helm.checks import checks
from svc.targets.helm.refusals import refusal
from svc.targets.helm.schema import schema_data
from svc.targets.helm.types import (
    Apart,
    AtMost,
    Chart,
    Const,
    Entry,
    Fields,
    Hole,
    Items,
    Node,
    Slot,
    Template,
    When,
    Within,
)
from svc.targets.helm.values import merged


def _tree(data: Any) -> Node:
    if isinstance(data, dict):
        return Fields(tuple(Entry(key, _tree(one)) for key, one in data.items()))
    if isinstance(data, list):
        return Items(tuple(Entry("", _tree(one)) for one in data))
    return data if isinstance(data, Hole) else Const(data)


def _object(kind: str, spec: dict[str, Any], flag: str = "") -> Template:
    body = _tree({"spec": spec})
    assert isinstance(body, Fields)
    return Template(f"{kind}.yaml", (kind, "a"), body, When((flag, "enabled"), "if") if flag else None)


def _whole(*path: str) -> Hole:
    return Hole(path, "integer")


LEAST, FEWEST, MOST, COUNT = ("pdb", "least"), ("hpa", "min"), ("hpa", "max"), ("replicaCount",)
BUDGET = _object("PodDisruptionBudget", {"minAvailable": _whole(*LEAST)}, "pdb")
SCALER = _object("HorizontalPodAutoscaler", {"minReplicas": _whole(*FEWEST), "maxReplicas": _whole(*MOST)}, "hpa")


def test_a_budget_leaves_a_pod_of_those_that_there_are_at_least() -> None:
    off = When(("hpa", "enabled"), "unless")
    replicas = Fields((Entry("replicas", _whole(*COUNT), off),))
    workload = Template("deployment.yaml", ("Deployment", "a"), Fields((Entry("spec", replicas),)))
    both = (When(("pdb", "enabled"), "if"), When(("hpa", "enabled"), "if"))
    assert checks((BUDGET, SCALER, workload), ()) == (
        AtMost(LEAST, FEWEST, 1, both),
        AtMost(LEAST, COUNT, 1, (both[0], off)),
        AtMost(FEWEST, MOST, 0, both[1:]),
    )


def test_where_one_side_is_no_value_there_is_no_check() -> None:
    assert checks((_object("HorizontalPodAutoscaler", {"minReplicas": 1, "maxReplicas": _whole(*MOST)}),), ()) == ()
    assert checks((BUDGET,), ()) == ()


def test_ports_of_one_protocol_differ() -> None:
    ports = [{"port": _whole("ports", name), "protocol": protocol} for name, protocol in (("a", "TCP"), ("b", "UDP"), ("c", "TCP"))]  # fmt: skip
    assert checks((_object("Service", {"ports": ports}),), ()) == (Apart(("ports", "a"), ("ports", "c")),)


def test_what_keda_asks_of_the_fewest_replicas() -> None:
    slots = (Slot(("keda", "min"), "", {"type": "integer", "minimum": 0}),)

    def least(spec: dict[str, Any]) -> Any:
        scaler = _object("ScaledObject", {"minReplicaCount": _whole("keda", "min"), **spec})
        return bounded(slots, (scaler,), ())[0].schema["minimum"]

    assert least({"triggers": [{"type": "rabbitmq"}, {"type": "cpu"}]}) == 0
    assert least({"triggers": [{"type": "memory"}, {"type": "cpu"}]}) == 1
    assert least({"idleReplicaCount": 0, "triggers": [{"type": "rabbitmq"}]}) == 1


def test_a_rollout_has_pods_more_or_pods_fewer() -> None:
    surge, missing = ("strategy", "surge"), ("strategy", "missing")
    slots = (Slot(surge, "", {}), Slot(missing, "", {}))

    def kept(more: Any, fewer: Any, **values: Any) -> list[Any]:
        rolling = _object("Deployment", {"strategy": {"rollingUpdate": {"maxSurge": more, "maxUnavailable": fewer}}})
        return [one.path for one in bounded(slots, (rolling,), [{"strategy": values}]) if "not" in one.schema]

    assert kept(_whole(*surge), 0, surge=1) == [surge]
    assert kept("25%", _whole(*missing), missing=0) == []
    assert kept(_whole(*surge), _whole(*missing), surge=0, missing="10%") == [missing]


def _secret_in_production(environment: str = "production") -> Resolved:
    base = samples.worker_only(environment)
    assert base.server is not None
    made = SecretKey("db", "url") if environment == "production" else Literal_("postgres://localhost")
    process = replace(base.server.main, env=(Variable("URL", made),))
    return replace(base, server=replace(base.server, main=process))


def test_a_variable_is_a_value_or_a_reference() -> None:
    chart = helm.lower(samples.unit(_secret_in_production)).artifact
    assert isinstance(chart, Chart)
    assert helm.verify(chart, helm.render(chart).files) == ()
    assert chart.values["envSources"] == {}
    fits = fitting(schema_data(chart))
    for one in chart.environments:
        assert "None" not in repr(one.overrides)
        values = merged(chart.values, one.overrides)
        assert fits(values)
        both = {"value": "a", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}
        assert not fits(merged(values, {"envSources": {"URL": both}}))
        for alone in ({"value": "a"}, {"valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}):
            assert fits({**values, "envSources": {"URL": alone}})


def test_what_an_environment_says_itself_stands() -> None:
    """A budget without room that was waived makes no check; nothing else loses its own."""

    def tight(environment: str = "production") -> Resolved:
        base = samples.web(environment)
        assert base.server is not None
        return replace(base, server=replace(base.server, disruption_min=99)) if environment == "production" else base

    charts = [helm.lower(samples.unit(make)).artifact for make in (samples.web, tight)]
    before, after = (one.checks if isinstance(one, Chart) else () for one in charts)
    gone = set(before) - set(after)
    assert gone
    assert all(isinstance(one, AtMost) and one.gap for one in gone)
    assert any(isinstance(one, Within) for one in after)
    for chart in charts:
        assert isinstance(chart, Chart)
        assert refusal(chart.checks, chart.values) == ""

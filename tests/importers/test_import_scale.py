"""Autoscalers of other people: what becomes of their metrics, their steps, and of KEDA's triggers."""

from __future__ import annotations

from typing import Any

import pytest

from importers import imported, shop
from svc.emit import emit
from svc.importers.result import Imported
from svc.importers.run import run
from svc.source import Source

_LABELS = {"app": "shop"}
_TARGET = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"}}
_SECRET = {"name": "MQ_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "mq", "key": "password"}}}


def _run(*objects: dict[str, Any]) -> Imported:
    main = {"name": "shop", "image": "acme/shop:1", "env": [_SECRET], "ports": [{"containerPort": 8080}]}
    template = {"metadata": {"labels": _LABELS}, "spec": {"containers": [main]}}
    spec = {"selector": {"matchLabels": _LABELS}, "template": template}
    service = {"selector": _LABELS, "ports": [{"port": 8080}]}
    given = [
        shop.named("Deployment", "shop", "apps/v1", spec=spec),
        shop.named("Service", "shop", "v1", spec=service),
        *objects,
    ]
    made = run([Source("all.yaml", "---\n".join(emit(one).text for one in given))])
    assert made.diagnostics == ()
    assert [one.route for one in made.entries if one.note.fate == "dropped"] == []
    return made


def _made(made: Imported, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = imported.generated(made, kind)["spec"]
    return found


def _autoscaler(**spec: Any) -> dict[str, Any]:
    parts = {**_TARGET, "minReplicas": 2, "maxReplicas": 9, **spec}
    return shop.named("HorizontalPodAutoscaler", "shop", "autoscaling/v2", spec=parts)


def _scaled(**spec: Any) -> dict[str, Any]:
    return shop.named("ScaledObject", "shop", "keda.sh/v1alpha1", spec={"scaleTargetRef": {"name": "shop"}, **spec})


def _metric(kind: str, target: dict[str, Any], name: str = "waiting", **more: Any) -> dict[str, Any]:
    metric = {"name": name, **({"selector": more.pop("selector")} if "selector" in more else {})}
    return {"type": kind, kind.lower(): {**more, "metric": metric, "target": target}}


_AVERAGE = {"type": "AverageValue", "averageValue": "30"}
_IN_ALL = {"type": "Value", "value": "2k"}
_INGRESS = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": "shop"}


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (_metric("External", _IN_ALL), {"external": {"waiting": {"value": "2k"}}}),
        (_metric("Pods", _AVERAGE), {"metrics": {"waiting": "30"}}),
        (
            _metric("External", _AVERAGE, selector={"matchLabels": {"queue": "a"}}),
            {"external": {"waiting": {"average": "30", "selector": {"queue": "a"}}}},
        ),
        (
            _metric("Object", _IN_ALL, describedObject=_INGRESS),
            {
                "objects": {
                    "waiting": {"value": "2k", "api_version": "networking.k8s.io/v1", "kind": "Ingress", "name": "shop"}
                }
            },
        ),
    ],
)
def test_metrics_of_an_autoscaler_are_those_of_the_scale(metric: dict[str, Any], expected: dict[str, Any]) -> None:
    made = _run(_autoscaler(metrics=[metric]))
    assert imported.the_spec(made)["scale"] == {"min": 2, "max": 9, **expected}
    assert _made(made, "HorizontalPodAutoscaler")["metrics"] == [metric]


@pytest.mark.parametrize(
    "metric",
    [
        _metric("External", _AVERAGE, selector={"matchExpressions": [{"key": "a", "operator": "Exists"}]}),
        {
            "type": "ContainerResource",
            "containerResource": {
                "name": "cpu",
                "container": "shop",
                "target": {"type": "Utilization", "averageUtilization": 60},
            },
        },
    ],
)
def test_a_metric_without_a_word_is_a_patch_and_stays_alone(metric: dict[str, Any]) -> None:
    made = _run(_autoscaler(metrics=[metric]))
    assert _made(made, "HorizontalPodAutoscaler")["metrics"] == [metric]


def test_how_fast_an_autoscaler_scales_is_kept() -> None:
    behavior = {
        "scaleUp": {"policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}], "selectPolicy": "Max"},
        "scaleDown": {"stabilizationWindowSeconds": 600, "selectPolicy": "Disabled", "tolerance": "0.2"},
    }
    made = _run(_autoscaler(behavior=behavior))
    scale = imported.the_spec(made)["scale"]
    assert scale["scale_up"] == {"policies": [{"pods": 4, "period": 15}]}
    assert (scale["scale_down_window"], scale["scale_down"]) == (600, {"select": "disabled"})
    assert _made(made, "HorizontalPodAutoscaler")["behavior"] == behavior


def test_triggers_of_keda_are_those_of_the_scale() -> None:
    triggers = [
        {"type": "rabbitmq", "metadata": {"queueName": "${a}", "hostFromEnv": "MQ_PASSWORD"}, "useCachedMetrics": True},
        {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}},
        {"type": "rabbitmq", "name": "Urgent Mails", "metadata": {}, "authenticationRef": {"name": "mq"}},
    ]
    own = {"secretTargetRef": [{"parameter": "password", "name": "mq", "key": "password"}]}
    auth = shop.named("TriggerAuthentication", "mq", "keda.sh/v1alpha1", spec=own)
    advanced = {"restoreToOriginalReplicaCount": True}
    made = _run(_scaled(triggers=triggers, maxReplicaCount=7, advanced=advanced), auth)
    scale = imported.the_spec(made)["scale"]
    assert (scale["min"], scale["max"], scale["cpu"]) == (0, 7, "70%")
    assert list(scale["triggers"]) == ["rabbitmq", "urgent-mails"]
    assert scale["triggers"]["rabbitmq"]["metadata"] == {"queueName": "$${a}", "hostFromEnv": "MQ_PASSWORD"}
    assert scale["triggers"]["urgent-mails"]["authentication"] == {"secrets": {"password": "MQ_PASSWORD"}}


def test_events_come_back() -> None:
    metadata = {"queueName": "mails", "value": "20"}
    trigger = {"type": "rabbitmq", "metadata": metadata, "authenticationRef": {"name": "mq"}, "useCachedMetrics": True}
    vault = {"hashiCorpVault": {"address": "https://vault", "authentication": "token", "secrets": []}}
    auth = shop.named("TriggerAuthentication", "mq", "keda.sh/v1alpha1", spec=vault)
    made = _run(_scaled(triggers=[trigger], pollingInterval=5, minReplicaCount=1, initialCooldownPeriod=60), auth)
    assert imported.the_spec(made)["scale"]["triggers"]["rabbitmq"]["authentication"] == {"name": "mq"}
    found = _made(made, "ScaledObject")
    assert (found["pollingInterval"], found["initialCooldownPeriod"], found["maxReplicaCount"]) == (5, 60, 100)
    assert found["triggers"] == [{"name": "rabbitmq", **trigger}]
    assert _made(made, "TriggerAuthentication") == vault

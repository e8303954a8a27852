"""What an API server refuses, one broken object each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from svc.kubernetes import sanity, syntax
from svc.kubernetes.types import Manifest
from svc.tree import Tree

Change = tuple[tuple[str | int, ...], Any]

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "web:1",
                        "ports": [{"name": "http", "containerPort": 8080}],
                        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
                        "resources": {"requests": {"cpu": "100m"}},
                        "livenessProbe": {"httpGet": {"path": "/", "port": "http"}},
                        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                    }
                ],
                "volumes": [{"name": "tmp", "emptyDir": {}}],
            },
        },
    },
}
CONTAINER = ("spec", "template", "spec", "containers", 0)
CHANGES: list[Change] = [
    (("metadata", "name"), "Web"),
    (("metadata", "labels", "app"), "no spaces please"),
    (("metadata", "labels", "app"), 1),
    (("spec", "template", "metadata", "labels", "app"), "x" * 64),
    (("spec", "strategy", "rollingUpdate", "maxSurge"), 0),
    (("spec", "template", "spec", "restartPolicy"), "Never"),
    ((*CONTAINER, "name"), "a_b"),
    ((*CONTAINER, "ports", 0, "name"), "a-name-that-is-too-long"),
    ((*CONTAINER, "ports", 0, "containerPort"), 70000),
    ((*CONTAINER, "env", 1, "name"), "A"),
    ((*CONTAINER, "env", 1, "value"), 2),
    ((*CONTAINER, "resources", "requests", "cpu"), "100 m"),
    ((*CONTAINER, "livenessProbe", "httpGet", "port"), "web"),
    ((*CONTAINER, "livenessProbe", "httpGet", "path"), "health"),
    ((*CONTAINER, "livenessProbe", "successThreshold"), 2),
    ((*CONTAINER, "volumeMounts", 0, "name"), "temp"),
]


def _changed(route: tuple[str | int, ...], value: object) -> Manifest:
    data = copy.deepcopy(DEPLOYMENT)
    node: Any = data
    for part in route[:-1]:
        node = node[part]
    node[route[-1]] = value
    return Manifest(Tree(data))


def test_a_fine_object_is_fine() -> None:
    assert list(sanity.check(Manifest(Tree(DEPLOYMENT)))) == []


@pytest.mark.parametrize(("route", "value"), CHANGES, ids=[f"{change[0][-1]}={change[1]}"[:40] for change in CHANGES])
def test_each_fault_is_found_where_it_is(route: tuple[str | int, ...], value: object) -> None:
    routes = [found for found, _ in sanity.check(_changed(route, value))]
    assert any(found in (route, route[:-1]) for found in routes), routes


def test_a_selector_that_selects_other_pods() -> None:
    found = list(sanity.check(_changed(("spec", "selector", "matchLabels"), {"app": "other"})))
    assert found == [(("spec", "selector", "matchLabels", "app"), "the pods have no label app: other")]


@pytest.mark.parametrize("kind", ["Service", "CronJob"])
def test_names_have_the_length_of_their_kind(kind: str) -> None:
    data = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a" * 64}, "spec": {}}
    assert next(route for route, _ in sanity.check(Manifest(Tree(data)))) == ("metadata", "name")


@pytest.mark.parametrize("text", ["0 2 * * *", "*/5 * * * 1-5", "0 0 1,15 jan sun", "@daily", "30 1 * * 0,6"])
def test_schedules_that_run(text: str) -> None:
    assert syntax.cron(text) == ""


@pytest.mark.parametrize(
    "text",
    ["", "0 2 * *", "60 * * * *", "* 24 * * *", "*/0 * * * *", "5-1 * * * *", "a * * * *", "30 1 * * 7", "0 0 * * 5-7"],
)
def test_schedules_that_do_not(text: str) -> None:
    assert syntax.cron(text) != ""


@pytest.mark.parametrize(
    ("value", "good"), [("100m", True), ("1.5Gi", True), (2, True), ("1e3", True), ("10GB", False)]
)
def test_quantities(value: object, good: bool) -> None:
    assert syntax.quantity(value) is good


def _routes(node: Any, route: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield route
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _routes(value, (*route, key))


@pytest.mark.parametrize("value", [None, {}, {"a": []}, [{}], [None], "", 3])
def test_values_of_another_type_anywhere_end_nothing(value: object) -> None:
    for route in _routes(DEPLOYMENT):
        if route and route[0] != "kind":
            assert isinstance(list(sanity.check(_changed(route, value))), list)


@pytest.mark.parametrize("claims", [3, "a", {"metadata": {}}, [{"metadata": 3}], [{"metadata": {"name": []}}]])
def test_claims_of_another_type_end_nothing(claims: object) -> None:
    data = {**DEPLOYMENT, "kind": "StatefulSet", "spec": {**DEPLOYMENT["spec"], "volumeClaimTemplates": claims}}
    assert isinstance(list(sanity.check(Manifest(Tree(data)))), list)


QUEUE, CPU = {"type": "rabbitmq", "name": "a", "metadata": {}}, {"type": "cpu", "metadata": {"value": "70"}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"triggers": [QUEUE]}, []),
        ({"triggers": [QUEUE], "minReplicaCount": 2, "idleReplicaCount": 0}, []),
        ({"triggers": [CPU], "minReplicaCount": 1}, []),
        ({"triggers": [CPU, QUEUE], "minReplicaCount": 0}, []),
        ({"triggers": [CPU]}, [("triggers",)]),
        ({"triggers": [QUEUE], "minReplicaCount": 5, "maxReplicaCount": 4}, [("minReplicaCount",)]),
        ({"triggers": [QUEUE], "minReplicaCount": 101}, [("minReplicaCount",)]),
        ({"triggers": [QUEUE], "minReplicaCount": 2, "idleReplicaCount": 1}, [("idleReplicaCount",)]),
        ({"triggers": [QUEUE], "idleReplicaCount": 0}, [("idleReplicaCount",)]),
        ({"triggers": [QUEUE, QUEUE]}, [("triggers", 1, "name")]),
    ],
)
def test_what_keda_refuses(spec: dict[str, Any], expected: list[tuple[str | int, ...]]) -> None:
    data = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "a"}, "spec": spec}
    assert [route for route, _ in sanity.check(Manifest(Tree(data)))] == [("spec", *one) for one in expected]


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({"limits": {"nvidia.com/gpu": 1}}, []),
        ({"limits": {"nvidia.com/gpu": "2", "cpu": 2}, "requests": {"nvidia.com/gpu": 2, "cpu": "10m"}}, []),
        ({"limits": {"hugepages-2Mi": "4Mi"}, "requests": {"hugepages-2Mi": "4096Ki"}}, []),
        ({"requests": {"example.kubernetes.io/a": 1}}, []),
        ({"requests": {"nvidia.com/gpu": "{{ .Values.gpus }}"}}, ["nvidia.com/gpu"]),
        ({"requests": {"nvidia.com/gpu": 1}}, ["nvidia.com/gpu"]),
        ({"limits": {"nvidia.com/gpu": 2}, "requests": {"nvidia.com/gpu": 1}}, ["nvidia.com/gpu"]),
        ({"limits": {"nvidia.com/gpu": "500m"}}, ["nvidia.com/gpu"]),
        ({"requests": {"hugepages-1Gi": "1Gi"}, "limits": {"memory": "2Gi"}}, ["hugepages-1Gi"]),
    ],
)
def test_devices_are_shared_by_nobody(resources: dict[str, Any], expected: list[str]) -> None:
    found = [route[-1] for route, _ in sanity.check(_changed((*CONTAINER, "resources"), resources))]
    assert found == expected


@pytest.mark.parametrize(
    ("port", "good"),
    [
        ({"port": 80, "endPort": 80}, True),
        ({"port": 80, "endPort": 90}, True),
        ({"port": "http"}, True),
        ({"port": 90, "endPort": 80}, False),
        ({"port": "http", "endPort": 80}, False),
        ({"endPort": 80}, False),
    ],
)
def test_ranges_of_ports_end_after_they_begin(port: dict[str, Any], good: bool) -> None:
    for part in ("ingress", "egress"):
        spec = {"podSelector": {}, part: [{}, {"ports": [{"port": 1}, port]}]}
        data = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"}, "spec": spec}
        found = [route for route, _ in sanity.check(Manifest(Tree(data)))]
        assert found == ([] if good else [("spec", part, 1, "ports", 1, "endPort")])

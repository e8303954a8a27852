"""The shape of hand-written objects: the slips that are found, the odd things that are right, and other people's objects."""

from __future__ import annotations

from typing import Any

import pytest

import samples
from svc.kubernetes import shape
from svc.kubernetes.lower import lower
from svc.kubernetes.types import Manifest
from svc.tree import Tree


def deployment(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": spec}


def found(data: dict[str, Any], minor: int = 37) -> list[tuple[str, Any, str]]:
    return [(one.id, one.route, one.message) for one in shape.check(Manifest(Tree(data)), minor)]


def pod(**fields: Any) -> dict[str, Any]:
    return deployment(template={"spec": {"containers": [{"name": "app", **fields}]}})


CONTAINER = ("spec", "template", "spec", "containers", 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            deployment(replica=3),
            ("manifest-key-unknown", ("spec", "replica"), "`spec` has no key `replica`; did you mean `replicas`?"),
        ),
        (
            {**deployment(), "replicas": 3},
            ("manifest-key-unknown", ("replicas",), "this object has no key `replicas`"),
        ),
        (
            pod(imagePullPolice="Always"),
            (
                "manifest-key-unknown",
                (*CONTAINER, "imagePullPolice"),
                "an entry of `containers` has no key `imagePullPolice`; did you mean `imagePullPolicy`?",
            ),
        ),
        (deployment(replicas="3"), ("manifest-type", ("spec", "replicas"), '`"3"` is not of type integer')),
        (
            pod(env=[{"name": "A", "value": 1}]),
            ("manifest-type", (*CONTAINER, "env", 0, "value"), "`1` is not of type string; quote it"),
        ),
        (pod(command="run"), ("manifest-type", (*CONTAINER, "command"), '`"run"` is not of type array')),
        (deployment(template=[]), ("manifest-type", ("spec", "template"), "a list is not of type object")),
        (
            pod(livenessProbe={"httpGet": {"port": [1]}}),
            (
                "manifest-type",
                (*CONTAINER, "livenessProbe", "httpGet", "port"),
                "a list is not of type integer or string",
            ),
        ),
    ],
    ids=str,
)
def test_a_slip_is_found_at_its_place(data: dict[str, Any], expected: tuple[str, Any, str]) -> None:
    assert found(data) == [expected]


@pytest.mark.parametrize(
    "data",
    [
        pod(securityContext={"privileged": "yes"}),
        deployment(replicas="${REPLICAS}"),
        deployment(replicas=None),
        {"apiVersion": "example.com/v1", "kind": "Deployment", "spec": {"any": "thing"}},
        {"apiVersion": "v1", "kind": "../../../etc/passwd", "spec": 5},
        pod(livenessProbe={"httpGet": {"port": "http"}}, readinessProbe={"httpGet": {"port": 8080}}),
        pod(resources={"limits": {"cpu": 1, "memory": "1Gi"}}),
    ],
    ids=str,
)
def test_what_is_right_or_not_ours_to_judge(data: dict[str, Any]) -> None:
    assert found(data) == []


@pytest.mark.parametrize("minor", [25, 35, 36, 37, 99])
def test_what_we_generate_has_the_right_shape(minor: int) -> None:
    for make in samples.SERVICES:
        for resolved in samples.unit(make).environments:
            for manifest in lower(resolved).manifests:
                assert found(manifest.tree.data, minor) == [], manifest.kind


POD = ("spec", "template", "spec")


@pytest.mark.parametrize(
    ("data", "route"),
    [
        (deployment(template={"spec": {"restartPolicy": "Sometimes"}}), (*POD, "restartPolicy")),
        (pod(imagePullPolicy="IfNotpresent"), (*CONTAINER, "imagePullPolicy")),
        (pod(ports=[{"containerPort": 80, "protocol": "HTTP"}]), (*CONTAINER, "ports", 0, "protocol")),
        (
            pod(readinessProbe={"httpGet": {"port": 80, "scheme": "https"}}),
            (*CONTAINER, "readinessProbe", "httpGet", "scheme"),
        ),
        (deployment(strategy={"type": "Rolling"}), ("spec", "strategy", "type")),
        (
            {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 80, "protocol": "tcp"}]}},
            ("spec", "ports", 0, "protocol"),
        ),
        ({"apiVersion": "v1", "kind": "Service", "spec": {"type": "Loadbalancer"}}, ("spec", "type")),
        (
            {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"concurrencyPolicy": "Deny"}},
            ("spec", "concurrencyPolicy"),
        ),
        (
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": {"accessModes": ["ReadWriteSome"]}},
            ("spec", "accessModes", 0),
        ),
        (
            {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"policyTypes": ["ingress"]}},
            ("spec", "policyTypes", 0),
        ),
    ],
    ids=str,
)
def test_a_word_that_the_api_refuses_is_found_at_its_place(data: dict[str, Any], route: tuple[Any, ...]) -> None:
    assert [one[:2] for one in found(data)] == [("manifest-value", route)]


@pytest.mark.parametrize(
    "data",
    [
        pod(imagePullPolicy="", ports=[{"containerPort": 5060, "protocol": "SCTP"}]),
        pod(
            imagePullPolicy="$(POLICY)",
            volumeMounts=[{"name": "a", "mountPath": "/a", "recursiveReadOnly": "IfPossible"}],
        ),
        deployment(
            template={"spec": {"initContainers": [{"name": "a", "restartPolicy": "Always"}], "dnsPolicy": "None"}}
        ),
        {"apiVersion": "example.com/v1", "kind": "Service", "spec": {"type": "Anything"}},
        {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "spec": {"template": {"spec": {"x": "y"}}}},
        deployment(template={"spec": {"tolerations": [{"operator": "Exists"}, {"key": "a", "effect": ""}]}}),
    ],
    ids=str,
)
def test_words_that_are_right_or_somebody_elses(data: dict[str, Any]) -> None:
    assert found(data) == []


CRONS = {"timezone": "Etc/UTC", "start": "0 8 * * *", "end": "0 18 * * *", "desiredReplicas": "5"}


@pytest.mark.parametrize(
    ("api", "kind", "spec", "wrong"),
    [
        (
            "keda.sh/v1alpha1",
            "ScaledObject",
            {"scaleTargetRef": {"name": "web"}, "triggers": [{"type": "cron", "metadata": CRONS}]},
            ("triggers", 0, "metadata", "desiredReplicas"),
        ),
        (
            "keda.sh/v1alpha1",
            "TriggerAuthentication",
            {"secretTargetRef": [{"parameter": "password", "name": "mq", "key": "password"}]},
            ("secretTargetRef", 0, "key"),
        ),
        (
            "monitoring.coreos.com/v1",
            "PrometheusRule",
            {
                "groups": [
                    {"name": "web", "rules": [{"alert": "Down", "expr": "up == 0", "labels": {"severity": "page"}}]}
                ]
            },
            ("groups", 0, "rules", 0, "labels", "severity"),
        ),
        (
            "external-secrets.io/v1",
            "ExternalSecret",
            {"target": {"template": {"data": {"url": "postgres://{{ .user }}"}, "metadata": {"labels": {"a": "b"}}}}},
            ("target", "template", "data", "url"),
        ),
        (
            "monitoring.coreos.com/v1",
            "ServiceMonitor",
            {"selector": {}, "endpoints": [{"port": "http", "params": {"module": ["http_2xx"]}}]},
            ("endpoints", 0, "params", "module", 0),
        ),
    ],
)
def test_maps_of_custom_resources_have_any_key(api: str, kind: str, spec: Any, wrong: tuple[Any, ...]) -> None:
    data = {"apiVersion": api, "kind": kind, "metadata": {"name": "web"}, "spec": spec}
    assert found(data) == []
    node = spec
    for part in wrong[:-1]:
        node = node[part]
    node[wrong[-1]] = 5
    assert [(one[0], one[1]) for one in found(data)] == [("manifest-type", ("spec", *wrong))]


@pytest.mark.parametrize(
    ("api", "kind", "wrong"),
    [
        ("v1", "Deployment", "apiVersion"),
        ("app/v1", "Deployment", "apiVersion"),
        ("apps/v2", "StatefulSet", "apiVersion"),
        ("batch/v1", "Deployment", "apiVersion"),
        ("networking.k8s.io/v2", "Ingress", "apiVersion"),
        ("apps/v1", "Deploymnet", "kind"),
        ("v1", "ConfigMaps", "kind"),
        ("v1", "Config", ""),
        ("v1", "List", ""),
        ("skaffold/v4beta11", "Config", ""),
        ("serving.knative.dev/v1", "Service", ""),
        ("config.openshift.io/v1", "Ingress", ""),
        ("extensions/v1beta1", "Deployment", ""),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", ""),
        ("${API}", "Deployment", ""),
    ],
)
def test_kinds_that_the_api_has_elsewhere(api: str, kind: str, wrong: str) -> None:
    data = {"apiVersion": api, "kind": kind, "metadata": {"name": "web"}}
    said = [one[:2] for one in found(data)]
    assert said == ([("manifest-not-served", (wrong,))] if wrong else [])


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"image": "a"}, True),
        ({"nmae": "a", "image": "a"}, False),
        ({"naem": "a", "image": "a"}, False),
        ({"nam": "a", "image": "a"}, False),
        ({"named": "a", "image": "a"}, False),
        ({"label": "a", "image": "a"}, True),
        ({"namespace": "a", "image": "a"}, True),
        ({"name": None, "image": "a"}, True),
    ],
)
def test_what_is_there_by_a_slip_is_not_also_missing(fields: dict[str, Any], missing: bool) -> None:
    data = deployment(template={"spec": {"containers": [fields]}}, selector={})
    assert ((CONTAINER, "name", False) in list(shape.lacking(Manifest(Tree(data))))) is missing

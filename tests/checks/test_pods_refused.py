"""What an API server refuses of pods and containers that have the right keys and types, and what looks like it and is taken."""

from __future__ import annotations

from typing import Any

import pytest

from refusing import said


def _container(text: str, pod: str = "") -> list[tuple[Any, ...]]:
    return said("Pod", f"spec: {{containers: [{{name: a, image: b, {text}}}], {pod}}}")


_AT = ("spec", "containers", 0)


@pytest.mark.parametrize(
    ("wrong", "right", "at"),
    [
        ("readinessProbe: {periodSeconds: 5}", "readinessProbe: {tcpSocket: {port: 1}}", ("readinessProbe",)),
        (
            "livenessProbe: {httpGet: {port: 70000}}",
            "livenessProbe: {httpGet: {port: 65535}}, readinessProbe: {tcpSocket: {port: 0}}",
            ("livenessProbe", "httpGet", "port"),
        ),
        (
            "livenessProbe: {exec: {}, failureThreshold: -1}",
            "livenessProbe: {exec: {}, failureThreshold: 0}",
            ("livenessProbe", "failureThreshold"),
        ),
        ("lifecycle: {preStop: {}}", "lifecycle: {preStop: {sleep: {seconds: 1}}}", ("lifecycle", "preStop")),
        (
            "lifecycle: {postStart: {exec: {}, sleep: {}}}",
            "lifecycle: {stopSignal: SIGTERM}",
            ("lifecycle", "postStart"),
        ),
        (
            "securityContext: {privileged: true, allowPrivilegeEscalation: false}",
            "securityContext: {privileged: false, allowPrivilegeEscalation: false}",
            ("securityContext", "privileged"),
        ),
        (
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [CHOWN, CAP_SYS_ADMIN]}}",
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}",
            ("securityContext", "capabilities", "add", 1),
        ),
        (
            "resources: {limits: {mem: 1Gi}}",
            "resources: {limits: {hugepages-2Mi: 1Gi, example.com/a: 1}}",
            ("resources", "limits", "mem"),
        ),
        (
            "resources: {requests: {memory: -1Gi}}",
            "resources: {requests: {memory: 0}}",
            ("resources", "requests", "memory"),
        ),
        (
            "resources: {requests: {nvidia.com/gpu: 1}}",
            "resources: {limits: {nvidia.com/gpu: 1}}",
            ("resources", "requests", "nvidia.com/gpu"),
        ),
    ],
)
def test_a_container(wrong: str, right: str, at: tuple[Any, ...]) -> None:
    assert (_container(wrong), _container(right)) == ([(*_AT, *at)], [])


@pytest.mark.parametrize(
    ("wrong", "right", "at"),
    [
        ("dnsPolicy: None", "dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.1]}", ("dnsPolicy",)),
        (
            "tolerations: [{operator: Exists, value: a, key: b}]",
            "tolerations: [{operator: Exists, key: b}]",
            ("tolerations", 0, "value"),
        ),
        ("tolerations: [{effect: NoSchedule}]", "tolerations: [{operator: Exists}]", ("tolerations", 0)),
        (
            "tolerations: [{key: a, effect: NoSchedule, tolerationSeconds: 1}]",
            "tolerations: [{key: a, effect: NoExecute, tolerationSeconds: 1}]",
            ("tolerations", 0, "tolerationSeconds"),
        ),
        ("hostAliases: [{ip: local}]", "hostAliases: [{ip: '::1'}, {ip: $(IP)}]", ("hostAliases", 0, "ip")),
        ("volumes: [{name: Tmp}]", "volumes: [{name: tmp}]", ("volumes", 0, "name")),
        (
            "affinity: {nodeAffinity: {x: [{matchExpressions: [{key: a, operator: In}]}]}}",
            "affinity: {nodeAffinity: {x: [{matchExpressions: [{key: a, operator: Gt, values: ['4']}]}]}}",
            ("affinity", "nodeAffinity", "x", 0, "matchExpressions", 0),
        ),
        (
            "affinity: {nodeAffinity: {x: [{matchExpressions: [{key: a, operator: Lt, values: [a]}]}]}}",
            "affinity: {nodeAffinity: {x: [{matchExpressions: [{key: a, operator: Exists}]}]}}",
            ("affinity", "nodeAffinity", "x", 0, "matchExpressions", 0),
        ),
        (
            "initContainers: [{name: i, image: b, livenessProbe: {exec: {}}}]",
            "initContainers: [{name: i, image: b, restartPolicy: Always, livenessProbe: {exec: {}}}]",
            ("initContainers", 0, "livenessProbe"),
        ),
    ],
)
def test_a_pod(wrong: str, right: str, at: tuple[Any, ...]) -> None:
    assert (_container("", wrong), _container("", right)) == ([("spec", *at)], [])


def test_the_ports_of_a_pod_on_the_network_of_its_node() -> None:
    ports = "ports: [{containerPort: 80, hostPort: %s}]"
    assert _container(ports % 8080, "hostNetwork: true") == [(*_AT, "ports", 0, "hostPort")]
    assert not _container(ports % 8080)
    assert not _container(ports % 80, "hostNetwork: true")
    assert not _container(ports % 0, "hostNetwork: true")  # the API takes it for none


def test_a_patch_takes_away_what_it_replaces() -> None:
    probe = "livenessProbe: {httpGet: null, tcpSocket: {port: 1}}"
    spread = "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, minDomains: null}"
    assert not _container(probe, f"topologySpreadConstraints: [{spread}]")


def test_a_patch_leaves_out_what_stands_in_the_whole() -> None:
    lacking = "readinessProbe: {periodSeconds: 5}, lifecycle: {preStop: {}}"
    text = f"spec: {{template: {{spec: {{dnsPolicy: None, containers: [{{name: a, {lacking}}}]}}}}}}"
    assert not said("Deployment", text)
    assert not said("Service", text.replace("template", "x"), "serving.knative.dev/v1")

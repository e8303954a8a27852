"""What an API server refuses of objects that have the right keys and types, and what looks like it and is taken."""

from __future__ import annotations

from typing import Any

import pytest

from svc.checks._params import NoParams
from svc.checks.kubernetes import object_refused
from svc.kubernetes.types import Manifest
from svc.parse import parse
from svc.source import Source
from svc.tree import Tree

_CORE = "v1"
_GROUPS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "Ingress": "networking.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Role": "rbac.authorization.k8s.io/v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
}


def _said(kind: str, text: str, api: str = "") -> list[tuple[Any, ...]]:
    head = f"apiVersion: {api or _GROUPS.get(kind, _CORE)}\nkind: {kind}\nmetadata: {{name: a}}\n"
    data = parse(Source("a.yaml", head + text)).documents[0].data
    found = object_refused.check(Manifest(Tree(data)), NoParams())
    return [one[0] for one in found]


def _container(text: str, pod: str = "") -> list[tuple[Any, ...]]:
    return _said("Pod", f"spec: {{containers: [{{name: a, image: b, {text}}}], {pod}}}")


_AT = ("spec", "containers", 0)


@pytest.mark.parametrize(
    ("wrong", "right", "at"),
    [
        ("readinessProbe: {periodSeconds: 5}", "readinessProbe: {tcpSocket: {port: 1}}", ("readinessProbe",)),
        (
            "livenessProbe: {httpGet: {port: 70000}}",
            "livenessProbe: {httpGet: {port: 65535}}",
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
            ("securityContext", "allowPrivilegeEscalation"),
        ),
        (
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [CAP_SYS_ADMIN]}}",
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}",
            ("securityContext", "allowPrivilegeEscalation"),
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


def test_a_patch_leaves_out_what_stands_in_the_whole() -> None:
    lacking = "readinessProbe: {periodSeconds: 5}, lifecycle: {preStop: {}}"
    text = f"spec: {{template: {{spec: {{dnsPolicy: None, containers: [{{name: a, {lacking}}}]}}}}}}"
    assert not _said("Deployment", text)
    assert not _said("Service", text.replace("template", "x"), "serving.knative.dev/v1")


_PODS = "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}"


@pytest.mark.parametrize(
    ("kind", "wrong", "right", "at"),
    [
        ("Deployment", f"selector: {{matchLabels: {{}}}}, {_PODS}", "selector: {matchLabels: {a: b}}", ("selector",)),
        (
            "Deployment",
            f"selector: {{matchExpressions: [{{key: a, operator: In, values: [c]}}]}}, {_PODS}",
            f"selector: {{matchExpressions: [{{key: a, operator: In, values: [b]}}]}}, {_PODS}",
            ("selector", "matchExpressions", 0),
        ),
        (
            "Deployment",
            "template: {spec: {restartPolicy: Never}}",
            "template: {spec: {restartPolicy: Always}}",
            ("template", "spec", "restartPolicy"),
        ),
        (
            "Deployment",
            "minReadySeconds: 600, progressDeadlineSeconds: 600",
            "minReadySeconds: 10, progressDeadlineSeconds: 600",
            ("progressDeadlineSeconds",),
        ),
        (
            "StatefulSet",
            "updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}",
            "updateStrategy: {type: OnDelete}",
            ("updateStrategy", "rollingUpdate"),
        ),
        (
            "StatefulSet",
            "volumeClaimTemplates: [{spec: {accessModes: [ReadWriteOnce]}}]",
            "volumeClaimTemplates: [{spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]",
            ("volumeClaimTemplates", 0, "spec"),
        ),
        ("Job", "backoffLimit: -1", "backoffLimit: 0", ("backoffLimit",)),
        (
            "Job",
            f"completionMode: Indexed, {_PODS}",
            f"completionMode: Indexed, completions: 3, {_PODS}",
            ("completionMode",),
        ),
        (
            "CronJob",
            "jobTemplate: {spec: {parallelism: -1}}",
            "jobTemplate: {spec: {parallelism: 1}}",
            ("jobTemplate", "spec", "parallelism"),
        ),
        ("CronJob", "schedule: 'TZ=UTC 1 * * * *'", "schedule: '@every 1h30m'", ("schedule",)),
        ("CronJob", "schedule: '@everyhour'", "schedule: '@hourly'", ("schedule",)),
        ("Service", "type: ExternalName", "type: ExternalName, externalName: a.example.com", ("type",)),
        ("Service", "type: NodePort, clusterIP: None", "type: ClusterIP, clusterIP: None", ("clusterIP",)),
        ("Service", "clusterIP: 10.0.0.300", "clusterIP: __CLUSTER_IP__, loadBalancerIP: ''", ("clusterIP",)),
        (
            "Service",
            "type: ClusterIP, ports: [{port: 1, nodePort: 30000}]",
            "type: LoadBalancer, ports: [{port: 1, nodePort: 30000}]",
            ("ports", 0, "nodePort"),
        ),
        (
            "Service",
            "type: ClusterIP, externalTrafficPolicy: Local",
            "type: ClusterIP, externalTrafficPolicy: Local, externalIPs: [192.0.2.1]",
            ("externalTrafficPolicy",),
        ),
        (
            "HorizontalPodAutoscaler",
            "metrics: [{type: Pods, resource: {name: cpu}}]",
            "metrics: [{type: Resource, resource: {name: cpu}}]",
            ("metrics", 0),
        ),
        ("HorizontalPodAutoscaler", "maxReplicas: 0", "maxReplicas: 1", ("maxReplicas",)),
        (
            "NetworkPolicy",
            "ingress: [{from: [{}]}]",
            "ingress: [{}, {from: [{podSelector: {}}]}]",
            ("ingress", 0, "from", 0),
        ),
        (
            "NetworkPolicy",
            "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}, podSelector: {}}]}]",
            "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}, {podSelector: {}, namespaceSelector: {}}]}]",
            ("egress", 0, "to", 0, "ipBlock"),
        ),
        (
            "NetworkPolicy",
            "egress: [{ports: [{port: http, endPort: 90}]}]",
            "egress: [{ports: [{port: 80, endPort: 90}]}]",
            ("egress", 0, "ports", 0, "endPort"),
        ),
        (
            "CustomResourceDefinition",
            "preserveUnknownFields: true",
            "preserveUnknownFields: false",
            ("preserveUnknownFields",),
        ),
        (
            "CustomResourceDefinition",
            "group: b, versions: [{name: v1, storage: true}]",
            "group: b, versions: [{name: v1, storage: true, schema: {openAPIV3Schema: {type: object}}}]",
            ("versions", 0),
        ),
    ],
)
def test_a_spec(kind: str, wrong: str, right: str, at: tuple[Any, ...]) -> None:
    assert (_said(kind, f"spec: {{{wrong}}}"), _said(kind, f"spec: {{{right}}}")) == ([("spec", *at)], [])


@pytest.mark.parametrize(
    "host",
    ["http://a.example.com", "a.example.com:443", "a.example.com/", "192.0.2.1", "Example.com", "a.*.example.com"],
)
def test_a_host_that_is_none(host: str) -> None:
    assert _said("Ingress", f"spec: {{rules: [{{host: '{host}'}}]}}") == [("spec", "rules", 0, "host")]
    assert _said("Ingress", f"spec: {{tls: [{{hosts: ['{host}']}}]}}") == [("spec", "tls", 0, "hosts", 0)]


@pytest.mark.parametrize(
    "host",
    [
        "a.example.com",
        "*.example.com",
        "localhost",
        "0",
        "PLACEHOLDER",
        "YOUR_HOST.example.com",
        "<host>",
        "${HOST}",
        "",
    ],
)
def test_a_host_that_is_one_or_will_be(host: str) -> None:
    assert not _said("Ingress", f"spec: {{rules: [{{host: '{host}'}}], tls: [{{hosts: ['{host}']}}]}}")


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}", None),
        ("{path: '/a(/|$)(.*)//', pathType: ImplementationSpecific, backend: {resource: {name: a}}}", None),
        ("{pathType: ImplementationSpecific, backend: {service: {name: a, port: {name: b}}}}", None),
        ("{path: /a//b, pathType: Prefix}", ("path",)),
        ("{pathType: Prefix}", ()),
        ("{path: /, backend: {service: {name: a, port: {number: 80, name: b}}}}", ("backend", "service", "port")),
        ("{path: /, backend: {service: {name: a}}}", ("backend", "service")),
        ("{path: /, backend: {service: {name: a, port: {name: b}}, resource: {name: c}}}", ("backend",)),
    ],
)
def test_a_path(path: str, at: tuple[Any, ...] | None) -> None:
    found = _said("Ingress", f"spec: {{rules: [{{http: {{paths: [{path}]}}}}]}}")
    assert found == ([] if at is None else [("spec", "rules", 0, "http", "paths", 0, *at)])


@pytest.mark.parametrize(
    ("kind", "rule", "at"),
    [
        ("Role", "{apiGroups: [''], resources: [pods], verbs: [get]}", None),
        ("ClusterRole", "{nonResourceURLs: [/a], verbs: [get]}", None),
        ("Role", "{nonResourceURLs: [/a], verbs: [get]}", ("nonResourceURLs",)),
        ("ClusterRole", "{nonResourceURLs: [/a], resources: [b], verbs: [get]}", ("nonResourceURLs",)),
        ("Role", "{resources: [pods], verbs: [get]}", ()),
        ("Role", "{apiGroups: [''], resources: [], verbs: [get]}", ()),
    ],
)
def test_a_rule_of_a_role(kind: str, rule: str, at: tuple[Any, ...] | None) -> None:
    assert _said(kind, f"rules: [{rule}]") == ([] if at is None else [("rules", 0, *at)])


@pytest.mark.parametrize(
    ("kind", "text", "at"),
    [
        ("RoleBinding", "subjects: [{kind: ServiceAccount, name: a, apiGroup: ''}]", None),
        (
            "RoleBinding",
            "subjects: [{kind: ServiceAccount, name: a, apiGroup: rbac.authorization.k8s.io}]",
            ("subjects", 0, "apiGroup"),
        ),
        ("Secret", "type: kubernetes.io/tls\ndata: {tls.crt: '', tls.key: ''}", None),
        ("Secret", "type: kubernetes.io/tls", None),
        ("Secret", "type: kubernetes.io/tls\ndata: {tls.crt: ''}", ("type",)),
        ("Secret", "type: kubernetes.io/dockerconfigjson\nstringData: {config.json: a}", ("type",)),
        ("ValidatingWebhookConfiguration", "webhooks: [{name: a.b.c, timeoutSeconds: 30}]", None),
        ("ValidatingWebhookConfiguration", "webhooks: [{name: a}]", ("webhooks", 0, "name")),
        ("ValidatingWebhookConfiguration", "webhooks: [{timeoutSeconds: 31}]", ("webhooks", 0, "timeoutSeconds")),
        (
            "ValidatingWebhookConfiguration",
            "webhooks: [{clientConfig: {url: 'http://a'}}]",
            ("webhooks", 0, "clientConfig", "url"),
        ),
        (
            "ValidatingWebhookConfiguration",
            "webhooks: [{clientConfig: {url: 'https://a', service: {}}}]",
            ("webhooks", 0, "clientConfig"),
        ),
    ],
)
def test_objects_without_a_spec(kind: str, text: str, at: tuple[Any, ...] | None) -> None:
    assert _said(kind, text) == ([] if at is None else [at])


def test_the_level_of_a_namespace() -> None:
    label = "metadata: {name: a, labels: {pod-security.kubernetes.io/enforce: %s}}"

    def said(level: str) -> list[tuple[Any, ...]]:
        data = parse(Source("a", f"{{apiVersion: v1, kind: Namespace, {label % level}}}")).documents[0].data
        return [one[0] for one in object_refused.check(Manifest(Tree(data)), NoParams())]

    assert said("privilegd") == [("metadata", "labels", "pod-security.kubernetes.io/enforce")]
    assert not said("restricted")

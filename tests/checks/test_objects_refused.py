"""What an API server refuses of objects that have the right keys and types, and what looks like it and is taken."""

from __future__ import annotations

from typing import Any

import pytest

from refusing import said

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
        (
            "Job",
            "podFailurePolicy: {rules: [{action: Ignore}]}, template: {spec: {restartPolicy: OnFailure}}",
            "podFailurePolicy: {rules: [{action: Ignore}]}, template: {spec: {restartPolicy: Never}}",
            ("podFailurePolicy",),
        ),
        ("PersistentVolume", "nfs: {path: /}, hostPath: {path: /}", "nfs: {path: /}, hostPath: null", ()),
        (
            "PersistentVolume",
            "capacity: {storage: 1Gi}, local: {path: /a}",
            "capacity: {storage: 1Gi}, local: {path: /a}, nodeAffinity: {required: {nodeSelectorTerms: []}}",
            ("local",),
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
        (
            "Service",
            "clusterIP: 10.0.0.300",
            "clusterIP: __CLUSTER_IP__, loadBalancerIP: name-of-an-address",
            ("clusterIP",),
        ),
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
            "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]",
            "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: null}]}]",
            ("egress", 0, "to", 0, "ipBlock"),
        ),
        (
            "PodDisruptionBudget",
            "minAvailable: 1, maxUnavailable: 1",
            "minAvailable: null, maxUnavailable: 1",
            ("maxUnavailable",),
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
    assert (said(kind, f"spec: {{{wrong}}}"), said(kind, f"spec: {{{right}}}")) == ([("spec", *at)], [])


@pytest.mark.parametrize(
    "host",
    ["http://a.example.com", "a.example.com:443", "a.example.com/", "192.0.2.1", "Example.com", "a.*.example.com"],
)
def test_a_host_that_is_none(host: str) -> None:
    assert said("Ingress", f"spec: {{rules: [{{host: '{host}'}}]}}") == [("spec", "rules", 0, "host")]
    assert said("Ingress", f"spec: {{tls: [{{hosts: ['{host}']}}]}}") == [("spec", "tls", 0, "hosts", 0)]


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
    assert not said("Ingress", f"spec: {{rules: [{{host: '{host}'}}], tls: [{{hosts: ['{host}']}}]}}")


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
    found = said("Ingress", f"spec: {{rules: [{{http: {{paths: [{path}]}}}}]}}")
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
    assert said(kind, f"rules: [{rule}]") == ([] if at is None else [("rules", 0, *at)])


@pytest.mark.parametrize(
    ("kind", "text", "at"),
    [
        ("RoleBinding", "subjects: [{kind: ServiceAccount, name: a, apiGroup: ''}]", None),
        (
            "RoleBinding",
            "subjects: [{kind: ServiceAccount, name: a, apiGroup: rbac.authorization.k8s.io}]",
            ("subjects", 0, "apiGroup"),
        ),
        ("RoleBinding", "subjects: [{kind: User, name: a, apiGroup: rbac.authorization.k8s.io}]", None),
        ("RoleBinding", "subjects: [{kind: User, name: a, apiGroup: $(GROUP)}, {kind: Group, name: a}]", None),
        ("RoleBinding", "subjects: [{kind: Group, name: a, apiGroup: v1}]", ("subjects", 0, "apiGroup")),
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
    assert said(kind, text) == ([] if at is None else [at])


def test_old_definitions_have_one_schema_for_all_versions() -> None:
    text = "spec: {group: b, preserveUnknownFields: true, versions: [{name: v1, served: true, storage: true}]}"
    assert not said("CustomResourceDefinition", text, "apiextensions.k8s.io/v1beta1")


def test_the_level_of_a_namespace() -> None:
    label = "labels: {pod-security.kubernetes.io/enforce: %s}"
    wrong = ("metadata", "labels", "pod-security.kubernetes.io/enforce")
    assert said("Namespace", f"metadata: {{name: a, {label % 'privilegd'}}}") == [wrong]
    assert not said("Namespace", f"metadata: {{name: a, {label % 'restricted'}}}")

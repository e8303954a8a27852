"""Where pods run, and the objects beside them: the Kubernetes Service and the service account."""

from __future__ import annotations

from typing import Literal

from svc.model.base import Part, about, required
from svc.model.scalars import DnsLabel, Flag, LabelKey, LabelValue, SubdomainName, Text


class Placement(Part):
    """Where pods run."""

    os: Literal["linux"] | None = about("The nodes' system.", "linux")
    node_selector: dict[LabelKey, LabelValue] = about(
        "Labels that the node must have.", {"kubernetes.io/arch": "arm64"}, default_factory=dict
    )
    spread: list[Literal["zone", "host"]] = about(
        "Over what replicas are spread.", default_factory=lambda: ["zone", "host"]
    )
    apart_from: list[DnsLabel] = about(
        "Services that should not share a node with ours.", ["search"], default_factory=list
    )
    near: list[DnsLabel] = about("Services that should be on the same node.", ["cache"], default_factory=list)
    priority_class: SubdomainName | None = about("PriorityClass of the pods, jobs excepted.", "high")


class ServiceOptions(Part):
    """The Kubernetes Service."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = about(
        "Its type. LoadBalancer and NodePort open no port that is by its name for metrics, health or administration, unless it says `service` or `node_port`, or is exposed.",
        default="ClusterIP",
    )
    annotations: dict[LabelKey, Text] = about("Annotations.", {"example.com/team": "payments"}, default_factory=dict)
    headless: Flag = about("No cluster IP: DNS answers with the pods.", default=False)
    publish_not_ready: Flag = about("DNS answers with pods that are not ready, too.", default=False)
    ip_family: Literal["SingleStack", "PreferDualStack", "RequireDualStack"] | None = about(
        "IP families.", "PreferDualStack"
    )
    session_affinity: Literal["None", "ClientIP"] = about("ClientIP: a client stays with one pod.", default="None")


class AccountRule(Part):
    """What the pods may do with the Kubernetes API."""

    groups: list[Text] = about("API groups; the core group unless given.", ["apps"], default_factory=lambda: [""])
    resources: list[Text] = required("Resources.", ["configmaps"])
    verbs: list[Text] = required("Verbs.", ["get", "list", "watch"])
    names: list[Text] = about("Only objects with these names.", ["leader-election"], default_factory=list)


class Account(Part):
    """The service account."""

    name: SubdomainName | None = about("Its name; the service's unless given.", "bank-of-anthos")
    create: Flag = about("Make it; false when it exists already.", default=True)
    token: Flag = about("Mount its API token.", default=False)
    annotations: dict[LabelKey, Text] = about(
        "Annotations, such as a workload identity.",
        {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/checkout"},
        default_factory=dict,
    )
    rules: list[AccountRule] = about(
        "A Role bound to it; mounts the token.",
        [{"resources": ["configmaps"], "verbs": ["get", "list", "watch"]}],
        default_factory=list,
    )

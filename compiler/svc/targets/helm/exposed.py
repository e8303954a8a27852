"""Conventional values of the objects around a workload: Service, Ingress, HTTPRoute, autoscaler, accounts, policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from svc.diagnostics import Route
from svc.kubernetes.workloads import governing_service
from svc.targets.helm.api_rules import DOMAIN
from svc.targets.helm.demands import INT32
from svc.targets.helm.metrics import metrics
from svc.targets.helm.place import Place, camel
from svc.targets.helm.plain_texts import TEXT
from svc.targets.helm.types import Const, Current, Each, Entry, Fields, Hole, Node, Path, When
from svc.targets.helm.values import MISSING, Cases, Missing, alike, equal

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_STRINGS = {"type": "object", "additionalProperties": {"type": "string"}}
_COUNT = {"type": "integer", "minimum": 1, "maximum": INT32}
_FROM_ZERO = {"type": "integer", "minimum": 0, "maximum": INT32}
_PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
_NAME = {"type": "string", "minLength": 1}
_HOST = {
    "type": "string",
    "pattern": rf"^(\*\.)?{DOMAIN}$",
    "not": {"pattern": r"^[0-9]+(\.[0-9]+){3}$"},
    "maxLength": 253,
}
_HOSTS = {"type": "array", "items": _HOST, "minItems": 1}
_TYPES = {"enum": ["ClusterIP", "NodePort", "LoadBalancer"]}
_SIMPLE: Mapping[tuple[str, Route], tuple[str, str, dict[str, Any]]] = {
    ("Service", ("spec", "type")): ("type", "How the Service is reached.", _TYPES),
    ("Service", ("metadata", "annotations")): ("annotations", "Annotations of the Service.", _STRINGS),
    ("PodDisruptionBudget", ("spec", "minAvailable")): (
        "minAvailable",
        "Replicas that must stay during voluntary disruptions.",
        {"type": ["integer", "string"]},
    ),
    ("HorizontalPodAutoscaler", ("spec", "minReplicas")): ("minReplicas", "At least so many replicas.", _COUNT),
    ("HorizontalPodAutoscaler", ("spec", "maxReplicas")): ("maxReplicas", "At most so many.", _COUNT),
    ("HorizontalPodAutoscaler", ("spec", "metrics")): (
        "metrics",
        "What decides the number of replicas.",
        {"type": "array", "minItems": 1},
    ),
    ("HorizontalPodAutoscaler", ("spec", "behavior")): ("behavior", "How fast it scales.", {"type": "object"}),
    ("ScaledObject", ("spec", "minReplicaCount")): ("minReplicaCount", "At least so many replicas.", _FROM_ZERO),
    ("ScaledObject", ("spec", "maxReplicaCount")): ("maxReplicaCount", "At most so many.", _COUNT),
    ("ScaledObject", ("spec", "pollingInterval")): ("pollingInterval", "Seconds between two questions.", _COUNT),
    ("ScaledObject", ("spec", "cooldownPeriod")): ("cooldownPeriod", "Seconds before it goes to zero.", _FROM_ZERO),
    ("ScaledObject", ("spec", "fallback")): (
        "fallback",
        "Replicas while a trigger does not answer.",
        {"type": "object", "required": ["failureThreshold", "replicas"]},
    ),
    ("ScaledObject", ("spec", "advanced")): ("advanced", "How fast it scales.", {"type": "object"}),
    ("CronJob", ("spec", "schedule")): ("schedule", "Cron line.", {"type": "string", "minLength": 5}),
    ("CronJob", ("spec", "timeZone")): ("timeZone", "Time zone of the cron line.", _NAME),
    ("CronJob", ("spec", "suspend")): ("suspend", "True: no new runs.", {"type": "boolean"}),
    ("Ingress", ("spec", "ingressClassName")): ("className", "Which ingress controller serves it.", _NAME),
    ("Ingress", ("metadata", "annotations")): ("annotations", "Settings of the ingress controller.", _STRINGS),
    ("Ingress", ("spec", "tls", 0, "secretName")): ("tlsSecretName", "Secret with the certificate.", _NAME),
    ("HTTPRoute", ("spec", "hostnames")): ("hostnames", "Host names that lead here.", _HOSTS),
    ("HTTPRoute", ("spec", "parentRefs")): ("parentRefs", "Gateways that it is attached to.", {"type": "array"}),
    ("ServiceMonitor", ("spec", "endpoints", 0, "interval")): ("interval", "How often metrics are read.", _NAME),
    ("PodMonitor", ("spec", "podMetricsEndpoints", 0, "interval")): ("interval", "How often metrics are read.", _NAME),
    ("PersistentVolumeClaim", ("spec", "resources", "requests", "storage")): ("size", "Size of the volume.", _NAME),
    ("PersistentVolumeClaim", ("spec", "storageClassName")): ("storageClass", "Its storage class.", _NAME),
    ("ExternalSecret", ("spec", "secretStoreRef", "name")): ("store", "The secret store.", _NAME),
}
"""(kind, route) -> the value in the object's group, what it means, what it may be."""
EVERYWHERE = frozenset({"helm.sh/hook"})
"""The keys of which `exposed` speaks in objects of any kind."""
EXPOSED = EVERYWHERE | {"metadata", "rules", "hosts", "port", "data", "key", *(str(at[-1]) for _, at in _SIMPLE)}
"""The keys of all places that `exposed` knows."""
EXPOSING = frozenset({"ConfigMap", "HTTPRoute", "Ingress", "ScaledObject", "Service", *(kind for kind, _ in _SIMPLE)})
"""The kinds of objects of whose other keys `exposed` speaks."""


def exposed(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """What stands at a place of one of these objects; None: no convention has a say in it."""
    if place.kind == "ExternalSecret" and place.own:
        found = _secret(weaver, cases, place)
        if found is not None:
            return found
    if MISSING in cases:
        return None
    if place.key == "helm.sh/hook" and not alike(cases):
        return weaver.hole(("predeploy", "hooks"), cases, "When Helm runs the jobs before a deploy.", _NAME)
    for rule in (_ingress, _service, _config, _trigger, metrics):
        found = rule(weaver, cases, place)
        if found is not None:
            return found
    simple = _SIMPLE.get((place.kind, place.route))
    if simple is not None and place.own and not (alike(cases) and _nameless(weaver, place)):
        name, doc, schema = simple
        return weaver.hole((*place.group, name), cases, doc, schema, spot=place.spot())
    return None


def _nameless(weaver: Weaver, place: Place) -> bool:
    """The type of a Service without an address, which no other type may be."""
    return (place.kind, place.key) == ("Service", "type") and any(
        place.name == governing_service(workload)
        for one in weaver.environments
        for workload in one.workloads
        if workload.kind == "StatefulSet" or (workload.service is not None and workload.service.headless)
    )


def _secret(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """One path of the store for all of a secret is one value."""
    if place.route[:2] != ("spec", "data") or place.route[-2:] != ("remoteRef", "key"):
        return None
    if MISSING in cases or alike(cases):
        return None
    path = (*place.group, "key")
    if path in weaver.taken and not equal(weaver.taken[path], cases):
        path = (*place.group, "keys", place.words[2])
    return weaver.hole(path, cases, "Where the secret store keeps it.", _NAME)


def secret_entry(weaver: Weaver, cases: Cases, place: Place, key: str) -> Entry:
    """A key of a secret that some environments lack: where the store keeps it stands under the key's name."""
    found = tuple(case if isinstance(case, Missing) else case["remoteRef"] for case in cases)
    spot = place.child(0).child("remoteRef").spot()
    hole = weaver.hole((*place.group, "data", key), found, "", {"type": "object", "required": ["key"]}, "block", spot)
    fields = Fields((Entry("secretKey", Const(key)), Entry("remoteRef", hole)))
    return Entry("", fields, When(hole.path, "has"))


def _service(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.kind == "HTTPRoute" and place.key == "port":
        known = [
            path for path, found in weaver.taken.items() if path[:2] == ("service", "ports") and equal(found, cases)
        ]
        return Hole(known[0], "integer") if len(known) == 1 else None
    if place.kind != "Service" or place.key != "port" or place.route[:2] != ("spec", "ports") or not place.own:
        return None
    return weaver.hole((*place.group, "ports", place.words[-2]), cases, "What clients connect to.", _PORT)


def _trigger(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.kind != "ScaledObject" or len(place.route) != 4 or place.route[1] != "triggers" or place.key != "metadata":
        return None
    doc = "What this trigger's scaler is told."
    return weaver.hole((*place.group, "triggers", camel(place.words[-2]), "metadata"), cases, doc, _STRINGS, "block")


def _config(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.kind != "ConfigMap" or place.route != ("data",):
        return None
    kept = sorted(set(cases[0]).intersection(*cases[1:]))  # volumes name them
    schema = {"type": "object", "additionalProperties": TEXT, **({"required": kept} if kept else {})}
    return weaver.hole(("config",), cases, "Files of the ConfigMap, by key.", schema)


def _ingress(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.kind != "Ingress":
        return None
    hosts: Path = (*place.group, "hosts")
    if place.route == ("spec", "rules") and _one_rule(cases):
        found = tuple([rule["host"] for rule in case] for case in cases)
        known = weaver.taken.get(hosts)
        if known is not None and not equal(known, found):
            return None
        weaver.hole(hosts, found, "Host names that lead here.", _HOSTS)
        body = weaver.mapping(tuple(case[0]["http"] for case in cases), place.child(0).child("http"))
        return Each(hosts, Fields((Entry("host", Current()), Entry("http", body))))
    if place.route == ("spec", "tls", 0, "hosts"):
        return weaver.hole(hosts, cases, "Host names that lead here.", _HOSTS, "block")
    return None


def _one_rule(cases: Cases) -> bool:
    """All hosts lead to the same paths, in every environment with the same ones."""
    rules = [rule for case in cases for rule in case]
    return all("host" in rule for rule in rules) and alike([rule["http"] for rule in rules])

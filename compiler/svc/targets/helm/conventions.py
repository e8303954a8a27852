"""Where people expect a value: the places of a workload that are holes even when no environment differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from svc.kubernetes.meta import CHART_VERSION, label_value
from svc.quantities import SMALL
from svc.targets.helm.api import QUANTITY
from svc.targets.helm.api_rules import DOMAIN, NAME
from svc.targets.helm.exposed import EVERYWHERE, EXPOSED, EXPOSING, exposed
from svc.targets.helm.place import TEST, Place, camel
from svc.targets.helm.types import (
    Added,
    Builtin,
    Checksum,
    Entry,
    Extra,
    Helper,
    Hole,
    Items,
    Node,
)
from svc.targets.helm.values import MISSING, Cases, alike, equal
from svc.targets.helm.variables import environment, extra_env

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

STRINGS = {"type": "object", "additionalProperties": {"type": "string"}}
_QUANTITY = {
    "type": ["string", "number"],
    "pattern": QUANTITY,
    "exclusiveMinimum": 0,
    "allOf": [{"pattern": r"^[0-9.]*[1-9]"}],
}
_RESOURCE = {"pattern": f"^(cpu|memory|ephemeral-storage|hugepages-[1-9][0-9]*[KMGT]i|{DOMAIN}/{NAME})$"}
"""What containers may ask for: what Kubernetes has itself, and what a domain names (`nvidia.com/gpu`)."""
_DEVICE = {
    "type": ["string", "integer"],
    "pattern": r"^([0-9]+(\.0*)?([KMGTPE]i|[kMGTPE]|[eE]\+?[0-9]+)?|[0-9]+\.[0-9]{1,3}[kMGTPE]|[0-9]*000m)$",
}
_DEVICES = [{"patternProperties": {"/": _DEVICE}}]
"""They are counted in whole numbers."""
_BYTES = [
    {"patternProperties": {"^(memory|ephemeral-storage)$": {"not": {"type": "string", "pattern": f"^({SMALL})$"}}}}
]
"""`256m` of memory is a quarter of a byte."""
RESOURCES = {
    "type": "object",
    "required": ["requests", "limits"],
    "additionalProperties": False,
    "properties": {
        "requests": {
            "type": "object",
            "required": ["cpu", "memory"],
            "propertyNames": _RESOURCE,
            "additionalProperties": _QUANTITY,
            "allOf": [*_DEVICES, *_BYTES],
        },
        "limits": {
            "type": "object",
            "required": ["memory"],
            "propertyNames": _RESOURCE,
            "additionalProperties": _QUANTITY,
            "allOf": [*_DEVICES, *_BYTES],
        },
    },
}
"""Requests and a memory limit, none of them zero: what the error-level policies demand."""

_LIST = {"type": "array"}
PULL_SECRETS: tuple[str, str, dict[str, Any]] = (
    "imagePullSecrets",
    "Secrets with the credentials of the registries that images are pulled from.",
    {"type": "array", "items": {"type": "object", "required": ["name"]}},
)
"""What all pods have in common, when the service says it."""
POD_VALUES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "nodeSelector": ("Labels that a node must have.", STRINGS),
    "affinity": ("Which nodes and neighbours are preferred or required.", {"type": "object"}),
    "tolerations": ("Taints of nodes that the pods tolerate.", _LIST),
}
"""Keys of a pod that are values whether the service says something about them or not."""


def convention(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """The node of a place that has a convention, or None."""
    for rule in (_common, _test) if place.section == TEST else rules(place.kind in EXPOSING).get(place.key, ()):
        found = rule(weaver, cases, place)
        if found is not None:
            return found
    return None


Rule = Callable[["Weaver", Cases, Place], Node | None]


@cache
def rules(exposing: bool) -> Mapping[str, tuple[Rule, ...]]:
    """The rules by the keys that they are about, in their order; `exposing`: in an object of such a kind."""
    about: tuple[tuple[Rule, Collection[str]], ...] = (
        (_common, _COMMON),
        (_image, ("image", "imagePullPolicy")),
        (_resources, ("resources",)),
        (_words, tuple(_WORDS)),
        (_size, ("storage",)),
        (environment, ("env",)),
        (_pod, ("automountServiceAccountToken", "checksum/config", "topologySpreadConstraints")),
        (exposed, EXPOSED if exposing else EVERYWHERE),
    )
    found: dict[str, tuple[Rule, ...]] = {}
    for rule, keys in about:
        for key in keys:
            found[key] = (*found.get(key, ()), rule)
    return found


OF_NAMESPACE = "kubernetes.io/metadata.name"
"""The label by which a network policy knows a namespace."""
_COMMON = frozenset(
    {
        "namespace",
        OF_NAMESPACE,
        "app.kubernetes.io/version",
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/managed-by",
        "helm.sh/chart",
    }
)


def _common(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    key = place.key
    if key not in _COMMON:
        return None
    if key in ("namespace", OF_NAMESPACE):
        namespaces = tuple([one.namespace for one in weaver.environments])
        named = key == "namespace" or not alike(namespaces)
        return Helper("namespace") if named and equal(cases, namespaces) else None
    if key == "app.kubernetes.io/version":
        versions = tuple([label_value(one.version) for one in weaver.environments])
        return weaver.version if equal(cases, versions) else None
    if not alike(cases):
        return None
    name = weaver.environments[0].name
    if key == "app.kubernetes.io/name" and cases[0] == name:
        return Helper("name")
    if key == "app.kubernetes.io/instance" and cases[0] == name:
        return Builtin("Release.Name")
    if key == "app.kubernetes.io/managed-by" and cases[0] == "Helm":
        return Builtin("Release.Service")
    if key == "helm.sh/chart" and cases[0] == label_value(f"{name}-{CHART_VERSION}"):
        return Helper("chart")
    return None


def _image(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.container("image") is not None:
        own = tuple(one.image.reference for one in weaver.environments)
        return Helper("image") if equal(cases, own) else None
    if place.container("imagePullPolicy") == place.section and place.own and alike(cases):
        schema = {"enum": ["Always", "IfNotPresent"]}
        return weaver.hole(
            ("image", "pullPolicy"), cases, "Always asks the registry, so that access is checked.", schema
        )
    return None


def _resources(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    section = place.container("resources")
    if section is None or MISSING in cases:
        return None
    return weaver.hole((*section, "resources"), cases, "What each container gets.", RESOURCES)


_WORDS = {"args": "What the container's command is given.", "command": "What the container starts."}


def _words(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """Where environments have other words, the whole line is the value: one word alone does not say what it belongs to."""
    section = place.container(place.key) if place.key in _WORDS else None
    if section is None or MISSING in cases or alike(cases):
        return None
    return weaver.hole((*section, place.key), cases, _WORDS[place.key], {**_LIST, "minItems": 1}, spot=place.spot())


CLAIMS = "volumeClaimTemplates"
_STORAGE = ("resources", "requests", "storage")


def _size(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """Where environments have other sizes of a volume, by the volume's name: `persistence.data.size`."""
    if MISSING in cases or alike(cases) or place.words[-3:] != _STORAGE:
        return None
    if place.kind == "PersistentVolumeClaim":
        path = place.group
    elif place.words[1:2] == (CLAIMS,) and len(place.words) == 7:
        path = place.path("persistence", camel(place.words[2]))
    else:
        return None
    return weaver.hole((*path, "size"), cases, "How large the volume is.", spot=place.spot())


TEST_KEYS = frozenset({"value"})
"""The keys that `_test` is about."""


def _test(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """The test asks the Service by the name and port that it has after overrides."""
    if place.words[-3:] == ("env", "HOST", "value"):
        return Helper("fullname") if equal(cases, (weaver.name,) * len(cases)) else None
    if place.words[-3:] == ("env", "PORT", "value"):
        for path, known in sorted(weaver.taken.items()):
            if path[:2] == ("service", "ports") and equal(tuple(str(one) for one in known), cases):
                return Hole(path, "string")
    return None


# --- pods --------------------------------------------------------------------------------------------------------


def _pod(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.key == "automountServiceAccountToken" and place.own and MISSING not in cases:
        tokens = tuple(one.account.token for one in weaver.environments)
        if equal(cases, tokens):
            schema = {"type": "boolean"} if any(tokens) else {"const": False}
            doc = "Whether pods get a token of the Kubernetes API."
            return weaver.hole(("serviceAccount", "automount"), cases, doc, schema)
    if place.key == "checksum/config" and place.pod is not None:
        return _checksum(weaver, cases)
    if place.in_pod == ("spec", "topologySpreadConstraints") and place.own and MISSING not in cases and alike(cases):
        path = place.path("topologySpreadConstraints")
        doc = "Replaces how replicas are spread over zones and nodes."
        weaver.hole(path, ([],) * len(cases), doc, _LIST, spot=place.spot())
        nodes = [weaver.weave((item,) * len(cases), place.child(index)) for index, item in enumerate(cases[0])]
        return Items(tuple(Entry("", node) for node in nodes), path)
    return None


def _checksum(weaver: Weaver, cases: Cases) -> Node | None:
    """The digest computed by Helm, so that a changed value restarts pods too; when it computes the same one."""
    from svc.digests import sha256

    data = weaver.taken.get(("config",))
    if data is None or MISSING in data:
        return None
    for name in sorted(weaver.created.get("ConfigMap", ())):
        texts = [json.dumps({name: one}, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for one in data]
        digests = tuple(sha256(text.encode()).hexdigest() for text in texts)
        if all(text.isprintable() for text in texts) and equal(cases, digests):
            return Checksum(name, ("config",))
    return None


def pod_extras(weaver: Weaver, keys: list[str], place: Place) -> tuple[Extra | Added, ...]:
    """What a user of the chart may add to a pod, where the template says nothing itself."""
    if not place.own:
        return ()
    count = len(weaver.environments)
    if place.in_pod == ("spec",):
        made = []
        for key, (doc, schema) in POD_VALUES.items():
            if key not in keys:
                empty: Any = [] if schema["type"] == "array" else {}
                hole = weaver.hole(place.path(key), (empty,) * count, doc, schema, spot=place.child(key).spot())
                made.append(Extra(key, hole.path))
        return tuple(made)
    path = place.path("podAnnotations")
    if place.in_pod == ("metadata", "annotations") and path not in weaver.taken:
        weaver.hole(path, ({},) * count, "Further annotations of the pods.", STRINGS)
        return (Added(path),)
    if place.in_pod == ("metadata",) and "annotations" not in keys:
        weaver.hole(path, ({},) * count, "Annotations of the pods.", STRINGS)
        return (Extra("annotations", path),)
    route = place.in_pod
    if len(route) == 3 and route[1:] == ("containers", 0) and "env" not in keys:
        return tuple(Extra("env", added.path) for added in extra_env(weaver, place.section, place.child("env")))
    return ()


__all__ = ["POD_VALUES", "Hole", "convention", "pod_extras"]

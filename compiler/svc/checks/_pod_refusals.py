"""What an API server refuses of pods, selectors and addresses that stand there: what a patch leaves out is not told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from svc.checks._objects import selects
from svc.checks._refusals import address, filled_in, network_range, no_quantity, shown
from svc.checks.pods import Found, is_true, pod_labels
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.parts import is_part
from svc.kubernetes.types import SELECTING, Manifest
from svc.tree import items, mapping, mappings

_LISTED = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}
"""Operators of selectors, and whether they have values."""
_NAMES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume"
    " flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi nfs persistentVolumeClaim photonPersistentDisk"
    " portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume"
)
_SOURCES = frozenset(_NAMES.split())
"""What a volume may be."""
_ALWAYS = SELECTING | {"ReplicationController"}
_AFFINITIES = ("nodeAffinity", "podAffinity", "podAntiAffinity")


def pod_values(pod: dict[str, Any], route: Route) -> Iterator[Found]:
    for index, volume in mappings(pod, "volumes"):
        called = volume.get("name")
        if isinstance(called, str) and not filled_in(called) and not syntax.dns_label(called):
            yield (*route, "volumes", index, "name"), f"`{called}` is no name of a volume: a-z, 0-9 and `-`, at most 63"
        given = [key for key, value in volume.items() if key in _SOURCES and value is not None]
        if len(given) > 1:
            message = f"volume `{volume.get('name')}` is {' and '.join(given)} at once, and can only be one of them"
            yield (*route, "volumes", index), message
        size = mapping(volume, "emptyDir").get("sizeLimit")
        if no_quantity(size):
            at = (*route, "volumes", index, "emptyDir", "sizeLimit")
            yield at, f"{shown(size)} is no quantity, such as 64Mi or 1Gi"
    for kind in _AFFINITIES:
        for index, one in mappings(pod, "affinity", kind, "preferredDuringSchedulingIgnoredDuringExecution"):
            weight = one.get("weight")
            if isinstance(weight, int) and not 1 <= weight <= 100:
                at = (*route, "affinity", kind, "preferredDuringSchedulingIgnoredDuringExecution", index, "weight")
                yield at, f"`weight` is {weight}: from 1 to 100"


def container_name(container: dict[str, Any], route: Route) -> Iterator[Found]:
    name = container.get("name")
    if isinstance(name, str) and name and not filled_in(name) and not syntax.dns_label(name):
        yield (*route, "name"), f"`{name}` is no name of a container: a-z, 0-9 and `-`, at most 63"


def pod_rules(manifest: Manifest, pod: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    """What parts of a pod say of each other."""
    restart = pod.get("restartPolicy")
    if manifest.kind in _ALWAYS and restart in ("Never", "OnFailure"):
        yield (
            (*route, "restartPolicy"),
            f"the pods of a {manifest.kind} are restarted: `restartPolicy` is `Always`, not `{restart}`",
        )
    if whole and pod.get("dnsPolicy") == "None" and not mapping(pod, "dnsConfig").get("nameservers"):
        yield (*route, "dnsPolicy"), "`dnsPolicy: None` needs `dnsConfig` with `nameservers`"
    for at, container in manifest.containers() if is_true(pod.get("hostNetwork")) else ():
        for index, port in mappings(container, "ports"):
            own, of_node = port.get("containerPort"), port.get("hostPort")
            if isinstance(own, int) and isinstance(of_node, int) and of_node not in (0, own):
                message = f"with `hostNetwork` the port is the same on the node: `hostPort` is {own}, not {of_node}"
                yield (*at, "ports", index, "hostPort"), message
    for index, one in mappings(pod, "tolerations"):
        yield from _toleration(one, (*route, "tolerations", index))
    for index, one in mappings(pod, "hostAliases"):
        yield from address(one.get("ip"), (*route, "hostAliases", index, "ip"))
    yield from _selectors(pod.get("affinity"), (*route, "affinity"))
    yield from _selectors(pod.get("topologySpreadConstraints"), (*route, "topologySpreadConstraints"))


def _toleration(one: dict[str, Any], route: Route) -> Iterator[Found]:
    operator, key, value = (one.get(name) for name in ("operator", "key", "value"))
    if operator == "Exists" and value:
        yield (*route, "value"), "`operator: Exists` takes no `value`; remove it, or write `operator: Equal`"
    elif not key and operator in (None, "", "Equal"):
        yield route, "a toleration without `key` is for every taint, and needs `operator: Exists`"
    if one.get("tolerationSeconds") is not None and one.get("effect") != "NoExecute":
        yield (*route, "tolerationSeconds"), "`tolerationSeconds` needs `effect: NoExecute`"


def _selectors(node: Any, route: Route) -> Iterator[Found]:
    """What selects pods or nodes, anywhere below."""
    if isinstance(node, dict):
        for index, one in mappings(node, "matchExpressions"):
            yield from _expression(one, (*route, "matchExpressions", index))
        for key, value in node.items():
            yield from _selectors(value, (*route, key)) if key != "matchExpressions" else ()
    elif isinstance(node, list):
        for index, one in enumerate(node):
            yield from _selectors(one, (*route, index))


def _expression(one: dict[str, Any], route: Route) -> Iterator[Found]:
    operator, values = one.get("operator"), one.get("values")
    wanted = _LISTED.get(operator) if isinstance(operator, str) else None
    if wanted is True and not values:
        yield route, f"`{operator}` without `values` selects nothing"
    elif wanted is False and values:
        yield (*route, "values"), f"`{operator}` has no `values`"
    elif operator in ("Gt", "Lt") and not (isinstance(values, list) and len(values) == 1 and _is_number(values[0])):
        yield route, f'`{operator}` compares with one number: `values: ["4"]`'


def _is_number(value: Any) -> bool:
    return filled_in(value) or re.fullmatch(r"[+-]?[0-9]+", str(value)) is not None


def selector(manifest: Manifest) -> Iterator[Found]:
    given = manifest.tree.get("spec", "selector")
    if manifest.kind in SELECTING and isinstance(given, dict) and not any(given.values()):
        yield (
            ("spec", "selector"),
            f"an empty selector is refused of a {manifest.kind}; write `matchLabels` of its pods",
        )
    for index, one in mappings(manifest.tree.data, "spec", "selector", "matchExpressions"):
        at: Route = ("spec", "selector", "matchExpressions", index)
        wrong = list(_expression(one, at))
        yield from wrong
        if manifest.kind in SELECTING and not wrong and not is_part(manifest) and _missed(one, pod_labels(manifest)):
            wanted = f"{one.get('key')} {one.get('operator')} {', '.join(map(str, items(one, 'values')))}"
            yield at, f"the selector wants `{wanted.strip()}`, which the labels of its own pods do not fit"


def _missed(expression: dict[str, Any], labels: dict[str, Any]) -> bool:
    known = expression.get("operator") in ("In", "NotIn", "Exists", "DoesNotExist")
    said = not any(filled_in(part) for part in (expression.get("key"), *items(expression, "values")))
    return known and said and not selects({"matchExpressions": [expression]}, labels)


def replicas(manifest: Manifest) -> Iterator[Found]:
    number = manifest.tree.get("spec", "replicas")
    if isinstance(number, int) and number < 0:
        yield ("spec", "replicas"), f"`replicas` is {number}: at least 0"


def ranges(manifest: Manifest) -> Iterator[Found]:
    """The networks that a load balancer lets in."""
    given = manifest.tree.get("spec", "loadBalancerSourceRanges")
    for index, one in enumerate(given if isinstance(given, list) else ()):
        text = one.strip() if isinstance(one, str) else one  # as the API takes them
        yield from network_range(text, ("spec", "loadBalancerSourceRanges", index))

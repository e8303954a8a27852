"""What an API server refuses of a pod and its containers: what a patch leaves out is not told unless the workload is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._container_refusals import of_container
from svc.checks._refused_values import address, at_least, no_quantity, shown, twice
from svc.checks._selector_refusals import expression
from svc.checks.pods import Found, is_true
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.parts import is_whole
from svc.kubernetes.types import SELECTING, Manifest
from svc.tree import mapping, mappings

_NAMES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume"
    " flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi nfs persistentVolumeClaim photonPersistentDisk"
    " portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume"
)
_SOURCES = frozenset(_NAMES.split())
"""What a volume may be."""
_ALWAYS = SELECTING | {"ReplicationController"}
_AFFINITIES = ("nodeAffinity", "podAffinity", "podAntiAffinity")
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def of_pod(manifest: Manifest, pod: dict[str, Any], route: Route) -> Iterator[Found]:
    whole = is_whole(manifest)
    yield from _volumes(pod, route)
    names: set[str] = set()
    for at, one in manifest.containers():
        name = str(one.get("name") or "")
        if name and name in names:
            yield (*at, "name"), f"a second container is named `{name}`"
        names.add(name)
        yield from of_container(one, at, whole=whole)
    if whole:
        yield from _mounted(manifest, pod)
    restart = pod.get("restartPolicy")
    if manifest.kind in _ALWAYS and restart in ("Never", "OnFailure"):
        message = f"the pods of a {manifest.kind} are restarted: `restartPolicy` is `Always`, not `{restart}`"
        yield (*route, "restartPolicy"), message
    yield from _network(manifest, pod, route, whole=whole)
    yield from _placement(pod, route)


def _volumes(pod: dict[str, Any], route: Route) -> Iterator[Found]:
    for index, volume in mappings(pod, "volumes"):
        at, called = (*route, "volumes", index), volume.get("name")
        if isinstance(called, str) and not syntax.dns_label(called) and not syntax.stands_in(called):
            yield (*at, "name"), f"`{called}` is no name of a volume: a-z, 0-9 and `-`, at most 63"
        given = [key for key, value in volume.items() if key in _SOURCES and value is not None]
        if len(given) > 1:
            yield at, f"volume `{called}` is {' and '.join(given)} at once, and can only be one of them"
        size = mapping(volume, "emptyDir").get("sizeLimit")
        if no_quantity(size):
            yield (*at, "emptyDir", "sizeLimit"), f"{shown(size)} is no quantity, such as 64Mi or 1Gi"
    yield from twice(pod, route, "volumes", "name", "volume")


def _mounted(manifest: Manifest, pod: dict[str, Any]) -> Iterator[Found]:
    volumes = {str(one.get("name")) for _, one in mappings(pod, "volumes")}
    claims = mappings(manifest.tree.data, "spec", "volumeClaimTemplates")
    volumes |= {str(mapping(one, "metadata").get("name")) for _, one in claims}
    for at, container in manifest.containers():
        for index, mount in mappings(container, "volumeMounts"):
            name = mount.get("name")
            if isinstance(name, str) and name not in volumes and not syntax.stands_in(name):
                yield (*at, "volumeMounts", index, "name"), f"the pod has no volume `{name}`"


def _network(manifest: Manifest, pod: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    if whole and pod.get("dnsPolicy") == "None" and not mapping(pod, "dnsConfig").get("nameservers"):
        yield (*route, "dnsPolicy"), "`dnsPolicy: None` needs `dnsConfig` with `nameservers`"
    for at, container in manifest.containers() if is_true(pod.get("hostNetwork")) else ():
        for index, port in mappings(container, "ports"):
            own, of_node = port.get("containerPort"), port.get("hostPort")
            if isinstance(own, int) and isinstance(of_node, int) and of_node not in (0, own):
                message = f"with `hostNetwork` the port is the same on the node: `hostPort` is {own}, not {of_node}"
                yield (*at, "ports", index, "hostPort"), message
    for index, one in mappings(pod, "hostAliases"):
        yield from address(one.get("ip"), (*route, "hostAliases", index, "ip"))


def _placement(pod: dict[str, Any], route: Route) -> Iterator[Found]:
    for kind in _AFFINITIES:
        for index, one in mappings(pod, "affinity", kind, _PREFERRED):
            weight = one.get("weight")
            if isinstance(weight, int) and not 1 <= weight <= 100:
                yield (*route, "affinity", kind, _PREFERRED, index, "weight"), f"`weight` is {weight}: from 1 to 100"
    for index, one in mappings(pod, "tolerations"):
        yield from _toleration(one, (*route, "tolerations", index))
    for index, one in mappings(pod, "topologySpreadConstraints"):
        at: Route = (*route, "topologySpreadConstraints", index)
        for key in ("maxSkew", "minDomains"):
            yield from at_least(1, one.get(key), (*at, key))
        if one.get("minDomains") is not None and one.get("whenUnsatisfiable") == "ScheduleAnyway":
            yield (*at, "minDomains"), "`minDomains` needs `whenUnsatisfiable: DoNotSchedule`"
    for key in ("affinity", "topologySpreadConstraints"):
        yield from _selectors(pod.get(key), (*route, key))


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
            yield from expression(one, (*route, "matchExpressions", index))
        for key, value in node.items():
            yield from _selectors(value, (*route, key)) if key != "matchExpressions" else ()
    elif isinstance(node, list):
        for index, one in enumerate(node):
            yield from _selectors(one, (*route, index))

"""What an API server refuses of pods, selectors and addresses that stand there: what a patch leaves out is not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._refusals import filled_in, network_range, no_quantity, shown
from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.types import Manifest
from svc.tree import mapping, mappings

_LISTED = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}
"""Operators of selectors, and whether they have values."""
_NAMES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume"
    " flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi nfs persistentVolumeClaim photonPersistentDisk"
    " portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume"
)
_SOURCES = frozenset(_NAMES.split())
"""What a volume may be."""
_AFFINITIES = ("nodeAffinity", "podAffinity", "podAntiAffinity")


def pod_values(pod: dict[str, Any], route: Route) -> Iterator[Found]:
    for index, volume in mappings(pod, "volumes"):
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


def selector(manifest: Manifest) -> Iterator[Found]:
    for index, one in mappings(manifest.tree.data, "spec", "selector", "matchExpressions"):
        operator, values = one.get("operator"), one.get("values")
        wanted = _LISTED.get(operator) if isinstance(operator, str) else None
        at: Route = ("spec", "selector", "matchExpressions", index)
        if wanted is True and not values:
            yield at, f"`{operator}` without `values` selects nothing"
        elif wanted is False and values:
            yield (*at, "values"), f"`{operator}` has no `values`"


def replicas(manifest: Manifest) -> Iterator[Found]:
    number = manifest.tree.get("spec", "replicas")
    if isinstance(number, int) and number < 0:
        yield ("spec", "replicas"), f"`replicas` is {number}: at least 0"


def paths(manifest: Manifest) -> Iterator[Found]:
    """The paths of an Ingress."""
    for number, rule in mappings(manifest.tree.data, "spec", "rules"):
        for index, one in mappings(rule, "http", "paths"):
            path = one.get("path")
            if isinstance(path, str) and path and not filled_in(path) and not path.startswith("/"):
                at = ("spec", "rules", number, "http", "paths", index, "path")
                yield at, f"`{path}` does not begin with `/`"


def ranges(manifest: Manifest) -> Iterator[Found]:
    """The networks that a load balancer lets in."""
    given = manifest.tree.get("spec", "loadBalancerSourceRanges")
    for index, one in enumerate(given if isinstance(given, list) else ()):
        text = one.strip() if isinstance(one, str) else one  # as the API takes them
        yield from network_range(text, ("spec", "loadBalancerSourceRanges", index))

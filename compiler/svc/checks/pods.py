"""Walking pods: what many Kubernetes checks need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Route, Within
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import Manifest
from svc.tree import items, mapping, mappings

Found = tuple[Route, str] | tuple[Route, str, Within]

LONG_RUNNING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod"})
TEMPLATE_METADATA: dict[str, Route] = {
    "Pod": ("metadata",),
    "PodTemplate": ("template", "metadata"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "metadata"),
    "ScaledJob": ("spec", "jobTargetRef", "template", "metadata"),
}
_OLD_TRUTHS = frozenset({"true", "yes", "on", "y"})
_OLD_UNTRUTHS = frozenset({"false", "no", "off", "n"})


def generated(manifest: Manifest, generator: str) -> Iterator[tuple[Route, str, str]]:
    """The keys and values that a file of Kustomize has the `generator` make objects of, where they stand."""
    if manifest.kind not in KUSTOMIZATIONS:
        return
    for index, one in mappings(manifest.tree.data, generator):
        for number, literal in enumerate(items(one, "literals")):
            key, equals, value = literal.partition("=") if isinstance(literal, str) else ("", "", "")
            if equals:
                yield (generator, index, "literals", number), key, value


def renamed(manifest: Manifest) -> Iterator[tuple[Route, str, str, str]]:
    """The images that a file of Kustomize gives other names or versions: where, the name, and its tag and digest."""
    for index, one in mappings(manifest.tree.data, "images") if manifest.kind in KUSTOMIZATIONS else ():
        called, anew = one.get("name"), one.get("newName")
        tag, digest = one.get("newTag"), one.get("digest")
        if isinstance(called, str):
            key = "newTag" if tag else "newName" if anew else "name"
            yield ("images", index, key), str(anew or called), str(tag or ""), str(digest or "")


def is_true(value: Any) -> bool:
    """Also the words that YAML 1.1, and with it kubectl, takes for true."""
    return value is True or (isinstance(value, str) and value.lower() in _OLD_TRUTHS)


def is_false(value: Any) -> bool:
    """Also the words that YAML 1.1, and with it kubectl, takes for false."""
    return value is False or (isinstance(value, str) and value.lower() in _OLD_UNTRUTHS)


def name(container: Mapping[str, Any]) -> str:
    return f"container `{container.get('name', '?')}`"


def called(manifest: Manifest) -> str:
    return f"{manifest.kind} `{manifest.name}`" if manifest.name else f"this {manifest.kind}"


def contexts(manifest: Manifest) -> Iterator[tuple[Route, dict[str, Any], str]]:
    """Every security context that is there: the pod's, then the containers', each with its route and whose it is."""
    if manifest.pod is None or manifest.pod_route is None:
        return
    if isinstance(manifest.pod.get("securityContext"), dict):
        yield (*manifest.pod_route, "securityContext"), manifest.pod["securityContext"], "the pod"
    for route, container in manifest.containers():
        if isinstance(container.get("securityContext"), dict):
            yield (*route, "securityContext"), container["securityContext"], name(container)


def context_route(route: Route, container: Mapping[str, Any]) -> Route:
    """Where something missing from a container's security context is reported."""
    return (*route, "securityContext") if isinstance(container.get("securityContext"), dict) else route


def is_windows(manifest: Manifest) -> bool:
    return mapping(manifest.pod, "os").get("name") == "windows"


def in_user_namespace(manifest: Manifest) -> bool:
    return manifest.pod is not None and is_false(manifest.pod.get("hostUsers"))


def is_sidecar(container: Mapping[str, Any]) -> bool:
    """An init container that keeps running (`restartPolicy: Always`)."""
    return container.get("restartPolicy") == "Always"


def template_metadata_route(manifest: Manifest) -> Route:
    return TEMPLATE_METADATA.get(manifest.kind, ("spec", "template", "metadata"))


def pod_labels(manifest: Manifest) -> dict[str, Any]:
    return mapping(manifest.tree.get(*template_metadata_route(manifest)), "labels")


def pod_ports(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Declared ports of containers that keep running."""
    for route, container in manifest.containers("initContainers", "containers"):
        if "initContainers" not in route or is_sidecar(container):
            yield from (port for _, port in mappings(container, "ports"))


def quoted(values: Any) -> str:
    return ", ".join(f"`{value}`" for value in values)

"""A pod needs a ConfigMap that is not among those that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, pods, together
from svc.checks._params import NoParams as Params
from svc.checks.pods import quoted
from svc.checks.seen import Seen, once
from svc.diagnostics import Route
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.syntax import stands_in
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    made, generated = once(subjects, _made)
    if not made:
        return
    for subject, manifest, _labels in pods(subjects):
        there = {one.name for one in made if together(one, manifest)}
        for route, name in _needed(manifest) if there else ():
            if name not in there | generated and not stands_in(name):
                yield subject, route, f"there is no ConfigMap `{name}`; there are {quoted(sorted(there))}"


def _made(subjects: Seen) -> tuple[list[Manifest], set[str]]:
    """The ConfigMaps, and the names that Kustomize makes some by."""
    names = {
        str(one.get("name"))
        for _, manifest in objects(subjects, *sorted(KUSTOMIZATIONS))
        for _, one in mappings(manifest.tree.data, "configMapGenerator")
    }
    return [one for _, one in objects(subjects, "ConfigMap")], names


def _needed(manifest: Manifest) -> Iterator[tuple[Route, str]]:
    for route, container in manifest.containers():
        for index, one in mappings(container, "envFrom"):
            yield from _named((*route, "envFrom", index, "configMapRef"), mapping(one, "configMapRef"))
        for index, one in mappings(container, "env"):
            at = (*route, "env", index, "valueFrom", "configMapKeyRef")
            yield from _named(at, mapping(one, "valueFrom", "configMapKeyRef"))
    if manifest.pod is None or manifest.pod_route is None:
        return
    for index, volume in mappings(manifest.pod, "volumes"):
        at = (*manifest.pod_route, "volumes", index)
        yield from _named((*at, "configMap"), mapping(volume, "configMap"))
        for number, source in mappings(volume, "projected", "sources"):
            yield from _named((*at, "projected", "sources", number, "configMap"), mapping(source, "configMap"))


def _named(route: Route, reference: dict[str, object]) -> Iterator[tuple[Route, str]]:
    name = reference.get("name")
    if isinstance(name, str) and name and reference.get("optional") is not True:
        yield (*route, "name"), name

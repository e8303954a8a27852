"""Kubernetes objects seen together: who selects whom. Objects without a namespace may live in any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.checks._pods import TEMPLATE_METADATA, items, mapping
from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject

Found = tuple[Subject, Route, str]
Object = tuple[Subject, Manifest]


def objects(subjects: Sequence[Subject], *kinds: str) -> Iterator[Object]:
    """The Kubernetes objects of some kinds (of all, when none is named)."""
    for subject in subjects:
        artifact = subject.artifact
        if isinstance(artifact, Manifest) and (not kinds or artifact.kind in kinds):
            yield subject, artifact


def pods(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Manifest, dict[str, Any]]]:
    """Everything that makes pods, custom kinds with a pod template included, with the labels of its pods."""
    for subject, manifest in objects(subjects):
        route = TEMPLATE_METADATA.get(manifest.kind, ("spec", "template", "metadata"))
        metadata = manifest.tree.get(*route)
        template = isinstance(manifest.tree.get(*route[:-1], "spec", "containers"), list)
        if template and (metadata is None or isinstance(metadata, dict)):
            yield subject, manifest, mapping(metadata, "labels")


def together(one: Manifest, other: Manifest) -> bool:
    return not one.namespace or not other.namespace or one.namespace == other.namespace


def same(one: Manifest, other: Manifest) -> bool:
    """Whether both are one object, written twice: a base and what is laid over it."""
    return one.kind == other.kind and one.name == other.name and together(one, other)


def selects(selector: Any, labels: Mapping[str, Any]) -> bool:
    """Whether a label selector (`matchLabels` and `matchExpressions`) matches; an empty one matches all."""
    if any(labels.get(key) != value for key, value in mapping(selector, "matchLabels").items()):
        return False
    return all(_holds(one, labels) for one in items(selector, "matchExpressions") if isinstance(one, dict))


def selected(subjects: Sequence[Subject], owner: Manifest, selector: Any) -> list[Manifest]:
    """What makes pods that the selector of an object matches."""
    return [
        manifest for _, manifest, labels in pods(subjects) if together(owner, manifest) and selects(selector, labels)
    ]


def pods_beside(subjects: Sequence[Subject], owner: Manifest) -> bool:
    """Whether anything that makes pods is seen beside an object: only then can it be said to select none."""
    return any(together(owner, manifest) for _, manifest, _ in pods(subjects))


def service_selector(service: Manifest) -> dict[str, Any]:
    """A Service's selector in the form of a label selector; empty when its endpoints are made by hand."""
    plain = mapping(service.tree.data, "spec", "selector")
    return {"matchLabels": plain} if plain else {}


def named(subjects: Sequence[Subject], owner: Manifest, name: object, *kinds: str) -> list[Manifest]:
    return [one for _, one in objects(subjects, *kinds) if one.name == name and together(owner, one)]


def _holds(expression: dict[str, Any], labels: Mapping[str, Any]) -> bool:
    key, values = expression.get("key"), items(expression, "values")
    match expression.get("operator"):
        case "In":
            return labels.get(str(key)) in values
        case "NotIn":
            return labels.get(str(key)) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False

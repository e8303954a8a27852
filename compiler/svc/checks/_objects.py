"""Kubernetes objects seen together: who selects whom. Objects without a namespace may live in any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.checks.seen import Object, reaches, seen
from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import items, mapping

Found = tuple[Subject, Route, str]


def objects(subjects: Sequence[Subject], *kinds: str) -> Iterator[Object]:
    """The Kubernetes objects of some kinds (of all, when none is named)."""
    together = seen(subjects)
    if not kinds:
        yield from together.objects
    elif len(kinds) == 1:
        yield from together.by_kind.get(kinds[0], ())
    elif any(kind in together.by_kind for kind in kinds):
        yield from (one for one in together.objects if one[1].kind in kinds)


def pods(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Manifest, dict[str, Any]]]:
    """Everything that makes pods, custom kinds with a pod template included, with the labels of its pods."""
    yield from seen(subjects).pods.every


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
    candidates = seen(subjects).pods.candidates(selector)
    return [one for _, one, labels in candidates if together(owner, one) and selects(selector, labels)]


def selected_subjects(subjects: Sequence[Subject], owner: Manifest, selector: Any) -> list[Subject]:
    """As above, with where they stand."""
    candidates = seen(subjects).pods.candidates(selector)
    return [at for at, one, labels in candidates if together(owner, one) and selects(selector, labels)]


def pods_beside(subjects: Sequence[Subject], owner: Manifest) -> bool:
    """Whether anything that makes pods is seen beside an object."""
    return reaches(seen(subjects).pods.spaces, owner)


def service_selector(service: Manifest) -> dict[str, Any]:
    """A Service's selector in the form of a label selector; empty when its endpoints are made by hand."""
    plain = mapping(service.tree.data, "spec", "selector")
    return {"matchLabels": plain} if plain else {}


def named(subjects: Sequence[Subject], owner: Manifest, name: object, *kinds: str) -> list[Manifest]:
    """The objects of these kinds that an object means by a name: in its own namespace, or in one that nobody says."""
    known = seen(subjects).by_name
    found = (one for kind in kinds for _, one in (known.get((kind, name), ()) if isinstance(name, str) else ()))
    return [one for one in found if together(owner, one)]


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

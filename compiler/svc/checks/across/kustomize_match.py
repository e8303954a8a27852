"""A kustomization changes something by a name that nothing in it has. Only where all that it is made of is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.checks._images import reference
from svc.checks._kustomized import Kustomized
from svc.checks._objects import Found
from svc.checks._params import NoParams as Params
from svc.checks._pods import mapping, mappings
from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.protocol import Subject

_SCALED = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})
_PLAIN = regex(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
"""A name that is no pattern of others."""
_GENERATED = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    run = Kustomized(subjects)
    for name, data in run.data.items():
        if data.get("kind") == "Component" or not run.whole(name):
            continue
        subject = next(one for one in run.subjects[name] if one.artifact.tree.data is data)
        trees = [one.artifact.tree.data for file in run.files[name] for one in run.subjects[file]]
        yield from ((subject, route, message) for route, message in _unmatched(data, trees))


def _unmatched(
    data: Mapping[str, Any], trees: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    images = {reference(one).repository for tree in trees for one in _images(tree)}
    for index, one in mappings(data, "images"):
        name = one.get("name")
        if _literal(name) and name not in images:
            yield ("images", index, "name"), f"no manifest here has the image `{name}`{nearest(str(name), images)}"
    objects = [(one.get("kind"), mapping(one, "metadata").get("name")) for one in trees]
    objects += [
        (kind, one.get("name")) for tree in trees for key, kind in _GENERATED.items() for _, one in mappings(tree, key)
    ]
    scaled = {str(name) for kind, name in objects if kind in _SCALED}
    for index, one in mappings(data, "replicas"):
        if _literal(one.get("name")) and one["name"] not in scaled:
            yield (
                ("replicas", index, "name"),
                f"no workload here is named `{one['name']}`{nearest(one['name'], scaled)}",
            )
    if any(tree.get(key) for tree in trees for key in ("namePrefix", "nameSuffix")):
        return
    for index, one in mappings(data, "patches"):
        kind, name = (mapping(one, "target").get(key) for key in ("kind", "name"))
        known = {str(other) for of, other in objects if of == kind}
        if _literal(name) and isinstance(kind, str) and name not in known:
            yield ("patches", index, "target", "name"), f"no {kind} here is named `{name}`{nearest(str(name), known)}"


def _literal(name: Any) -> bool:
    return isinstance(name, str) and (_PLAIN.fullmatch(name.rpartition("/")[2]) is not None)


def _images(node: Any) -> Iterator[str]:
    """Images anywhere in an object, and the new names that kustomizations give."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("image", "newName") and isinstance(value, str):
                yield value
            else:
                yield from _images(value)
    elif isinstance(node, list):
        for one in node:
            yield from _images(one)

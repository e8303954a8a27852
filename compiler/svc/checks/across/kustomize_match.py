"""A kustomization changes something by a name that nothing in it has. Only where all that it is made of is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.checks._objects import Found
from svc.checks._params import NoParams as Params
from svc.checks.images import reference
from svc.checks.kustomized import Kustomized
from svc.checks.seen import once
from svc.diagnostics import Route
from svc.kubernetes.patches import Patch, images, laid, patches
from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings

_SCALED = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})
_PLAIN = regex(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
"""A name that is no pattern of others."""
_WORD = regex(r"\w+")
_RENAMES = regex(r"/metadata/name\b")
"""A kind, and no pattern of kinds."""
_GENERATED = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    run = once(subjects, Kustomized)
    for name, data in run.data.items():
        if run.is_component(name) or not run.whole(name):
            continue
        subject = next(one for one in run.subjects[name] if one.artifact.tree.data is data)
        trees = [one.artifact.tree.data for file in run.files[name] for one in run.subjects[file]]
        named = _images(run, name, data, trees)
        yield from ((subject, route, message) for route, message in (*named, *_objects(run, name, data, trees)))


def _images(
    run: Kustomized, name: str, data: Mapping[str, Any], trees: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Route, str]]:
    """Images that neither an object nor a patch has, and no kustomization gives as a new name."""
    over = run.laid(name) if data.get("images") else [None]
    if None in over or any(one.get("replacements") for one in trees):
        return
    written = [*(one for tree in trees for one in images(tree)), *(one for each in over if each for one in each.images)]
    known = {reference(one).repository for one in written}
    known |= {str(one["newName"]) for tree in trees for _, one in mappings(tree, "images") if one.get("newName")}
    for index, one in mappings(data, "images"):
        called = one.get("name")
        if _literal(called) and called not in known:
            yield ("images", index, "name"), f"no manifest here has the image `{called}`{nearest(str(called), known)}"


def _objects(
    run: Kustomized, file: str, data: Mapping[str, Any], trees: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Route, str]]:
    """Names of objects; nobody tells them where others are made of them."""
    several = [one for tree in trees for one in patches(tree)]
    if any(tree.get(key) for tree in trees for key in ("namePrefix", "nameSuffix")) or any(
        one.renames or _RENAMES.search(one.text) for one in several
    ):
        return
    objects = [(one.get("kind"), mapping(one, "metadata").get("name")) for one in trees]
    objects += [
        (kind, one.get("name")) for tree in trees for key, kind in _GENERATED.items() for _, one in mappings(tree, key)
    ]
    scaled = {str(name) for kind, name in objects if kind in _SCALED}
    for index, one in mappings(data, "replicas"):
        name = one.get("name")
        if _literal(name) and name not in scaled:
            yield ("replicas", index, "name"), f"no workload here is named `{name}`{nearest(str(name), scaled)}"
    for patch in patches(data):
        for route, kind, name in _targets(run, file, patch):
            known = {str(other) for of, other in objects if of == kind}
            if _literal(name) and _WORD.fullmatch(kind) and name not in known:
                yield route, f"no {kind} here is named `{name}`{nearest(name, known)}"


def _targets(run: Kustomized, file: str, patch: Patch) -> Iterator[tuple[Route, str, str]]:
    """Kinds and names that a patch is for: of its target, or, without one, those that it has itself."""
    if patch.target is not None:
        kind, name = (patch.target.get(key) for key in ("kind", "name"))
        if isinstance(kind, str) and isinstance(name, str):
            yield (*patch.route[:2], "target", "name"), kind, name
        return
    found = laid(patch.text) if patch.text else run.of_file(file, patch.path)
    yield from ((patch.route, kind, name) for kind, name in (found.objects if found else ()))


def _literal(name: Any) -> bool:
    return isinstance(name, str) and (_PLAIN.fullmatch(name.rpartition("/")[2]) is not None)

"""A key is missing that the API demands. What is laid over another object has not all of them, and is left alone.

Pods are written as templates, too, which a controller fills in (Jenkins, Airflow, Spark): an image, or a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks.kustomized import Kustomized, file_of
from svc.checks.patched import patched
from svc.checks.pods import name
from svc.checks.seen import Seen, once
from svc.diagnostics import Route
from svc.kubernetes import schema, shape, words
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.parts import is_part
from svc.kubernetes.types import POD_TEMPLATES, SELECTING, Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings

_SAID = frozenset({"containerPort"})
"""Keys that another policy asks for; for the selector of what a chart makes, charts are asked."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    patches = once(subjects, patched)
    for subject, one in objects(subjects):
        if one.kind in KUSTOMIZATIONS or file_of(subject) in patches or is_part(one):
            continue
        for route, key in _missing(one):
            if key == "namespace" and file_of(subject) in once(subjects, _made):
                continue  # which Kustomize may give
            yield subject, route, f"{_where(one, route)} has no `{key}`{_taken(one, route, key)}"


def _missing(one: Manifest) -> Iterator[tuple[Route, str]]:
    """A `spec` that has nothing of what is demanded says what changes, and not what is."""
    said = {*_SAID, *(("selector",) if one.printed and one.kind in SELECTING else ())}
    found = [each for each in shape.lacking(one) if each[1] not in said and each[:2] != ((), "spec")]
    if any(route == ("spec",) and not partly for route, _, partly in found):
        return
    yield from ((route, key) for route, key, _ in found)
    yield from _of_kind(one)
    metadata = one.tree.data.get("metadata")
    if (
        one.kind != "Pod"
        and schema.known(one.api_version, one.kind)
        and isinstance(metadata, dict)
        and metadata.get("name") is None
        and metadata.get("generateName") is None
    ):
        yield ("metadata",), "name"
    if one.kind in POD_TEMPLATES and one.kind != "Pod":
        yield from ((route, "image") for route, container in one.containers() if container.get("image") is None)


def _made(subjects: Seen) -> frozenset[str]:
    """The files that kustomizations are made of."""
    return frozenset(one for files in once(subjects, Kustomized).files.values() for one in files)


def _of_kind(one: Manifest) -> Iterator[tuple[Route, str]]:
    """What the API demands, and no schema says."""
    if one.kind == "PersistentVolumeClaim":
        spec = mapping(one.tree.data, "spec")
        modes, size = spec.get("accessModes"), mapping(spec, "resources", "requests").get("storage")
        if size is not None and not modes:
            yield ("spec",), "accessModes"
        elif modes and size is None:
            yield ("spec",), "resources.requests.storage"
    elif one.kind == "ClusterRoleBinding":
        for index, subject in mappings(one.tree.data, "subjects"):
            if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
                yield ("subjects", index), "namespace"


def _taken(one: Manifest, route: Route, key: str) -> str:
    """The words that the API takes there, where it takes no others."""
    known = words.at(one.kind, (*route, key))
    return f": {' or '.join(f'`{word}`' for word in sorted(known))}" if isinstance(known, tuple) else ""


def _where(one: Manifest, route: Route) -> str:
    if not route:
        return f"the {one.kind}"
    if isinstance(route[-1], int):
        entry = one.tree.get(*route)
        if route[-2] in ("containers", "initContainers", "ephemeralContainers") and isinstance(entry, dict):
            return name(entry)
        return f"an entry of `{route[-2]}`"
    return f"`{route[-1]}`"

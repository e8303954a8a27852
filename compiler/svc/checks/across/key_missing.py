"""A key is missing that the API demands. What is laid over another object has not all of them, and is left alone.

Pods are written as templates, too, which a controller fills in (Jenkins, Airflow, Spark): an image, or a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks._patched import directed, patched
from svc.checks.kustomized import file_of
from svc.checks.pods import name, pod_labels
from svc.diagnostics import Route
from svc.kubernetes import schema, shape, words
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import POD_TEMPLATES, SELECTING, Manifest
from svc.targets.protocol import Subject

_SAID = frozenset({"containerPort"})
"""Keys that another policy asks for; for the selector of what a chart makes, charts are asked."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    patches = patched(subjects)
    for subject, one in objects(subjects):
        if one.kind in KUSTOMIZATIONS or file_of(subject) in patches or (not one.printed and _is_part(one)):
            continue
        for route, key in _missing(one):
            yield subject, route, f"{_where(one, route)} has no `{key}`{_taken(one, route, key)}"


def _missing(one: Manifest) -> Iterator[tuple[Route, str]]:
    """A `spec` that has nothing of what is demanded says what changes, and not what is."""
    said = {*_SAID, *(("selector",) if one.printed and one.kind in SELECTING else ())}
    found = [each for each in shape.lacking(one) if each[1] not in said and each[:2] != ((), "spec")]
    if any(route == ("spec",) and not partly for route, _, partly in found):
        return
    yield from ((route, key) for route, key, _ in found)
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


def _is_part(one: Manifest) -> bool:
    """Whether an object may be a patch: a workload without a selector is whole where its pods have labels, which a
    selector would select, and all containers images."""
    if directed(one.tree.data) or (one.kind in POD_TEMPLATES and not any(one.containers("containers"))):
        return True
    images = all(container.get("image") for _, container in one.containers())
    if one.kind in SELECTING and one.tree.get("spec", "selector") is None:
        return not images or not pod_labels(one)
    return one.kind in POD_TEMPLATES and one.kind not in SELECTING and one.kind != "Pod" and not images


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

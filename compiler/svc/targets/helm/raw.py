"""Objects of the user's own as templates: word for word, and values only where environments differ."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from svc.kubernetes.types import Manifest
from svc.targets.helm.place import camel
from svc.targets.helm.types import Const, Entry, Fields, Helper, Items, Node, Path, When
from svc.targets.helm.values import Cases, Missing, alike, equal
from svc.targets.helm.weave import Weaver

SECTION = "manifests"


def raw_template(weaver: Weaver, manifest: Manifest, cases: Cases) -> tuple[Fields, When | None]:
    """The object in all environments (MISSING where there is none), and the condition of the whole."""
    path = (SECTION, camel(manifest.kind[:1].lower() + manifest.kind[1:], manifest.name))
    present = [not isinstance(case, Missing) for case in cases]
    when = None if all(present) else weaver.flag((*path, "enabled"), present, "Whether this object is there.")
    sample = manifest.tree.data
    filled = tuple(
        _standing_in(sample, case, one.namespace, weaver) for case, one in zip(cases, weaver.environments, strict=True)
    )
    body = _node(weaver, filled, path, ())
    assert isinstance(body, Fields)
    return body, when


def _standing_in(sample: dict[str, Any], case: Any, namespace: str, weaver: Weaver) -> Any:
    """Where an environment lacks the object, another's stands in, in that environment's own namespace."""
    if not isinstance(case, Missing):
        return case
    theirs = {one.namespace for one in weaver.environments}
    if sample["metadata"].get("namespace") in theirs:
        return {**sample, "metadata": {**sample["metadata"], "namespace": namespace}}
    return sample


def raw_file(manifest: Manifest, taken: Collection[str]) -> str:
    """A file below `templates/` for the object; names of the API may hold what file names may not."""
    base = re.sub(r"[^a-z0-9.-]+", "-", f"{manifest.kind}-{manifest.name}".lower()).strip("-")
    base = base[:200].rstrip("-.")  # disks take names of 255 bytes
    number, file = 1, f"manifests/{base}.yaml"
    while file in taken:
        number += 1
        file = f"manifests/{base}-{number}.yaml"
    return file


def _node(weaver: Weaver, cases: Cases, path: Path, route: tuple[str | int, ...]) -> Node:
    if route == ("metadata", "namespace") and equal(cases, tuple(one.namespace for one in weaver.environments)):
        return Helper("namespace")
    if all(one.image.built for one in weaver.environments) and equal(
        cases, tuple(one.image.reference for one in weaver.environments)
    ):
        return Helper("image")
    first = cases[0]
    if all(isinstance(case, dict) and case and "" not in case and case.keys() == first.keys() for case in cases):
        return Fields(tuple(Entry(key, _inner(weaver, cases, key, path, route)) for key in first))
    if all(isinstance(case, list) and case and len(case) == len(first) for case in cases):
        return Items(tuple(Entry("", _inner(weaver, cases, index, path, route)) for index in range(len(first))))
    if alike(cases):
        return Const(first)
    words = tuple(camel(str(part)) or "value" for part in route)
    return weaver.hole((*path, *(words or ("value",))), cases)


def _inner(weaver: Weaver, cases: Cases, part: str | int, path: Path, route: tuple[str | int, ...]) -> Node:
    return _node(weaver, tuple(case[part] for case in cases), path, (*route, part))

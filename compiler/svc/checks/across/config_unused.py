"""A ConfigMap whose name nothing beside it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, pods_beside
from svc.checks._params import NoParams as Params
from svc.targets.protocol import Subject
from svc.tree import walk


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    said: dict[str, set[int]] = {}
    for _subject, one in objects(subjects):
        for _route, value in walk(one.tree.data):
            if isinstance(value, str):
                said.setdefault(value, set()).add(id(one))
    for subject, config in objects(subjects, "ConfigMap"):
        labelled = config.tree.get("metadata", "labels") or config.tree.get("metadata", "annotations")
        if labelled or not pods_beside(subjects, config) or said.get(config.name, set()) - {id(config)}:
            continue
        yield subject, ("metadata", "name"), f"nothing uses ConfigMap `{config.name}`"

"""What is laid over other objects, as far as the files of a run tell: which of them are patches, and what says of itself that it is one."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname, join, normpath
from typing import Any

from svc.checks._kustomized import file_of
from svc.checks._objects import objects
from svc.checks._pods import items, mappings
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.targets.protocol import Subject

_DIRECTIVE = "$patch"


def patched(subjects: Sequence[Subject]) -> frozenset[str]:
    """The files that a kustomization lays over others: one object may have several of them."""
    found: set[str] = set()
    for subject, one in objects(subjects, *sorted(KUSTOMIZATIONS)):
        data = one.tree.data
        named = [*items(data, "patchesStrategicMerge"), *(each.get("path") for _, each in mappings(data, "patches"))]
        folder = dirname(file_of(subject))
        found.update(normpath(join(folder, path)) for path in named if isinstance(path, str))
    return frozenset(found)


def directed(node: Any) -> bool:
    if isinstance(node, dict):
        return _DIRECTIVE in node or any(directed(value) for value in node.values())
    return isinstance(node, list) and any(directed(value) for value in node)

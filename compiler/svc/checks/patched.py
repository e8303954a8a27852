"""What is laid over other objects, as far as the files of a run tell: which of them are patches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath
from typing import Any

from svc.checks._objects import objects
from svc.checks.kustomized import file_of
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.patches import patches
from svc.targets.protocol import Subject
from svc.tree import items

_TRANSFORMERS = frozenset({"PatchTransformer", "PatchJson6902Transformer", "PatchStrategicMergeTransformer"})


def patched(subjects: Sequence[Subject]) -> frozenset[str]:
    """The files that a kustomization lays over others: one object may have several of them."""
    found: set[str] = set()
    users: dict[str, set[str]] = {}
    for subject, one in objects(subjects, *sorted(KUSTOMIZATIONS)):
        folder = dirname(file_of(subject))
        named = [each.path for each in patches(one.tree.data) if each.path]
        for each in items(one.tree.data, "transformers"):
            if isinstance(each, str):
                named += _of_transformer(each) if "\n" in each else ()
                users.setdefault(normpath(join(folder, each)), set()).add(folder)
        found.update(normpath(join(folder, path)) for path in named)
    for subject, one in objects(subjects, *sorted(_TRANSFORMERS)):
        file = file_of(subject)
        folders = {dirname(file)} | users.get(file, set())
        found.update(normpath(join(folder, path)) for path in _paths(one.tree.data) for folder in folders)
    return frozenset(found)


def _of_transformer(text: str) -> list[str]:
    """The files that a transformer names that is written out."""
    from svc.parse import parse
    from svc.source import Source

    return [path for one in parse(Source("transformer", text)).documents for path in _paths(one.data)]


def _paths(transformer: Any) -> Iterator[str]:
    if isinstance(transformer, dict) and transformer.get("apiVersion") == "builtin":
        named = [transformer.get("path"), *items(transformer, "paths")]
        yield from (one for one in named if isinstance(one, str) and "\n" not in one)

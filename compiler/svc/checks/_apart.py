"""Folders that hold copies of one thing, such as environments: what is in one is not deployed beside what is in another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from posixpath import dirname

from svc.checks.kustomized import file_at, file_of
from svc.checks.patched import patched
from svc.checks.seen import Seen, once, seen
from svc.kubernetes.parts import is_whole
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject

_Thing = tuple[str, str, str]
_NOTHING: frozenset[_Thing] = frozenset()


def apart(subjects: Sequence[Subject], one: Subject, other: Subject) -> bool:
    """Whether two objects stand in folders beside each other that both have some other object: applied to one cluster, it
    would be laid over itself."""
    for here, there in zip(_folders(one.key), _folders(other.key), strict=False):
        if here != there:
            made = once(subjects, _made)
            return not made.get(here, _NOTHING).isdisjoint(made.get(there, _NOTHING))
    return False


@lru_cache(maxsize=16_384)
def _folders(key: str) -> tuple[str, ...]:
    """Those that a subject lies in, the outermost first."""
    parts = dirname(file_at(key)).split("/")
    return tuple("/".join(parts[:end]) for end in range(1, len(parts) + 1))


def _made(subjects: Seen) -> dict[str, frozenset[_Thing]]:
    """Folder -> the workloads and Services that are whole somewhere below it."""
    over = once(subjects, patched)
    found: dict[str, set[_Thing]] = {}
    for subject, one in seen(subjects).objects:
        file = file_of(subject)
        if file in over or not one.name or not _is_whole(one):
            continue
        for folder in _folders(subject.key):
            found.setdefault(folder, set()).add((one.kind, one.name, one.namespace))
    return {folder: frozenset(things) for folder, things in found.items()}


def _is_whole(one: Manifest) -> bool:
    if one.kind == "Service":
        return bool(one.tree.get("spec", "ports")) and bool(one.tree.get("spec", "selector"))
    return is_whole(one)

"""Folders that hold copies of one thing, such as environments: what is in one is not deployed beside what is in another."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname

from svc.checks.kustomized import file_of
from svc.checks.patched import patched
from svc.checks.seen import Seen, once, seen
from svc.kubernetes.parts import is_whole
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject

_Thing = tuple[str, str, str]


def apart(subjects: Sequence[Subject], one: Subject, other: Subject) -> bool:
    """Whether two objects stand in folders beside each other that both have some other object: applied to one cluster, it
    would be laid over itself."""
    left, right = (dirname(file_of(each)).split("/") for each in (one, other))
    alike = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if alike is None:
        return False
    made = once(subjects, _made)
    here, there = (made.get("/".join(each[: alike + 1]), frozenset()) for each in (left, right))
    return not here.isdisjoint(there)


def _made(subjects: Seen) -> dict[str, frozenset[_Thing]]:
    """Folder -> the workloads and Services that are whole somewhere below it."""
    over = once(subjects, patched)
    found: dict[str, set[_Thing]] = {}
    for subject, one in seen(subjects).objects:
        file = file_of(subject)
        if file in over or not one.name or not _is_whole(one):
            continue
        parts = dirname(file).split("/")
        for end in range(1, len(parts) + 1):
            found.setdefault("/".join(parts[:end]), set()).add((one.kind, one.name, one.namespace))
    return {folder: frozenset(things) for folder, things in found.items()}


def _is_whole(one: Manifest) -> bool:
    if one.kind == "Service":
        return bool(one.tree.get("spec", "ports")) and bool(one.tree.get("spec", "selector"))
    return is_whole(one)

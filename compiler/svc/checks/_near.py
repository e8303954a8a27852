"""Whether what stands in one folder is deployed with what stands in another, as far as the folders of a run tell.

Examples and lessons stand beside each other, and what one of them lacks is in none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from posixpath import basename, dirname

from svc.checks._objects import pods_beside, selected_subjects, service_selector, together
from svc.checks.kustomized import Kustomized, file_at, file_of
from svc.checks.seen import Seen, once, seen
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.targets.protocol import Subject

_OF_A_KIND = regex(
    r"(?i)(service|svc|deploy(ment)?|pod|workload|app|statefulset|daemonset|job|ingress|route|network(ing)?|polic(y|ie)"
    r"|net-?pol|network-?polic(y|ie)|hpa|autoscal(er|ing)|scaling|pdb|budget|monitor(ing)?|base|common|shared)(e?s)?"
)
"""Folders whose names say what sort of objects they hold: the parts of one thing stand beside each other."""
_NONE: frozenset[str] = frozenset()


def near(subjects: Sequence[Subject], one: Subject, other: Subject) -> bool:
    """Whether two objects are deployed together: of one chart, in one folder or below it, in folders for sorts of objects,
    in folders of which one has a Service for pods of the other, or in one kustomization."""
    if one.artifact.printed or other.artifact.printed:
        return True
    (file, here, above), (second, there, over) = _places(one.key), _places(other.key)
    if _within(above, there) or _within(over, here) or there in once(subjects, _linked).get(here, ()):
        return True
    makers = once(subjects, Kustomized).makers
    return not makers.get(file, _NONE).isdisjoint(makers.get(second, ()))


@lru_cache(maxsize=16_384)
def _places(key: str) -> tuple[str, str, str]:
    """The file of a subject, its folder, and the one that is deployed as a whole, as far as its name tells."""
    file = file_at(key)
    folder = dirname(file)
    return file, folder, dirname(folder) if _OF_A_KIND.fullmatch(basename(folder)) else folder


def pods_near(subjects: Sequence[Subject], subject: Subject, owner: Manifest) -> bool:
    """Whether anything that makes pods is deployed with an object: only then can it be said to select none."""
    return pods_beside(subjects, owner) and any(
        together(owner, one) and near(subjects, subject, at) for at, one, _ in seen(subjects).pods.every
    )


def _within(folder: str, path: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _linked(subjects: Seen) -> dict[str, set[str]]:
    """Folder -> the folders with pods that its Services select, and those whose Services select its pods."""
    found: dict[str, set[str]] = {}
    for subject, service in subjects.by_kind.get("Service", ()):
        selector = service_selector(service)
        for at in selected_subjects(subjects, service, selector) if selector else ():
            here, there = dirname(file_of(subject)), dirname(file_of(at))
            found.setdefault(here, set()).add(there)
            found.setdefault(there, set()).add(here)
    return found

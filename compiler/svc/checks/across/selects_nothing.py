"""An object whose label selector matches no pod, although pods are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from svc.checks._objects import Found, objects, pods_beside, selected
from svc.targets.protocol import Subject


@dataclass(frozen=True, slots=True)
class Params:
    kind: str = "PodDisruptionBudget"


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for subject, owner in objects(subjects, params.kind):
        field = "podSelector" if params.kind == "NetworkPolicy" else "selector"
        selector = owner.tree.get("spec", field)
        if not isinstance(selector, dict) or not selector or not pods_beside(subjects, owner):
            continue
        if not selected(subjects, owner, selector):
            yield subject, ("spec", field), f"{params.kind} `{owner.name}` selects no pod"

"""An object whose label selector matches no pod, although pods are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._elsewhere import elsewhere, unseen
from svc.checks._near import pods_near
from svc.checks._objects import Found, objects, selected
from svc.checks.pods import quoted
from svc.records import dataclass
from svc.targets.protocol import Subject


@dataclass(frozen=True, slots=True)
class Params:
    kind: str = "PodDisruptionBudget"


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for subject, owner in objects(subjects, params.kind):
        field = "podSelector" if params.kind == "NetworkPolicy" else "selector"
        selector = owner.tree.get("spec", field)
        if not isinstance(selector, dict) or not selector or selected(subjects, owner, selector):
            continue
        others = elsewhere(subjects, subject, owner, selector)
        if others or (pods_near(subjects, subject, owner) and not unseen(subjects, owner, selector)):
            where = (
                f" in namespace `{owner.namespace}`; pods with these labels are in {quoted(others)}" if others else ""
            )
            yield subject, ("spec", field), f"{params.kind} `{owner.name}` selects no pod{where}"

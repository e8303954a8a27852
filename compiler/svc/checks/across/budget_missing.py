"""Several pods that no disruption budget keeps from being drained at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, pods, selects, together
from svc.checks._params import NoParams as Params
from svc.checks.pods import called
from svc.checks.seen import Seen, Selectors, once
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    budgets = once(subjects, _budgets)
    for subject, manifest, labels in pods(subjects):
        replicas = manifest.tree.get("spec", "replicas")
        if manifest.kind not in ("Deployment", "StatefulSet") or not isinstance(replicas, int) or replicas < 2:
            continue
        near = [one for one in budgets.near(manifest, labels) if together(one, manifest)]
        if not any(selects(one.tree.get("spec", "selector"), labels) for one in near):
            yield subject, ("spec",), f"no PodDisruptionBudget selects the pods of {called(manifest)}"


def _budgets(subjects: Seen) -> Selectors:
    budgets = subjects.by_kind.get("PodDisruptionBudget", ())
    return Selectors(budgets, lambda one: one.tree.get("spec", "selector"))

"""A disruption budget that wants as many pods as there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._apart import apart
from svc.checks._objects import Found, objects, selects, together
from svc.checks._params import NoParams as Params
from svc.checks.kustomized import Kustomized, file_of
from svc.checks.seen import Seen, once, seen
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings

_SHARE = regex(r"([0-9]{1,3})%")
_LEAST = {"HorizontalPodAutoscaler": ("minReplicas", 1), "ScaledObject": ("minReplicaCount", 0)}
"""Where an autoscaler says the fewest replicas, and what it is unless it does."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for subject, budget in objects(subjects, "PodDisruptionBudget"):
        minimum = budget.tree.get("spec", "minAvailable")
        selector = budget.tree.get("spec", "selector")
        if not isinstance(selector, dict) or isinstance(minimum, bool):
            continue
        for at, workload, labels in seen(subjects).pods.candidates(selector):
            ours = together(budget, workload) and selects(selector, labels) and not apart(subjects, subject, at)
            replicas = _least(subjects, subject, workload) if ours else None
            if replicas is not None and _blocks(minimum, replicas):
                message = f"minAvailable is {minimum}, but {workload.kind} `{workload.name}` may have {replicas} pods"
                yield subject, ("spec", "minAvailable"), message


def _blocks(minimum: Any, replicas: int) -> bool:
    """Whether no pod may go. Shares are rounded up (`GetScaledValueFromIntOrPercent` of the disruption controller)."""
    if isinstance(minimum, str):
        share = _SHARE.fullmatch(minimum)
        return share is not None and (100 - int(share[1])) * max(replicas, 1) < 100 and int(share[1]) > 0
    return isinstance(minimum, int) and replicas <= minimum


def _least(subjects: Sequence[Subject], budget: Subject, workload: Manifest) -> int | None:
    """The fewest pods that a workload has by itself, by its autoscaler or by the kustomizations that bring the budget, too;
    None when nobody here knows."""
    if workload.kind not in ("Deployment", "StatefulSet", "ReplicaSet"):
        return None
    scaler = once(subjects, _scalers).get((workload.kind, workload.name))
    if scaler is not None:
        key, usual = _LEAST[scaler.kind]
        least = mapping(scaler.tree.data, "spec").get(key, usual)
        return least if isinstance(least, int) else None
    run = once(subjects, Kustomized)
    around = run.makers.get(file_of(budget), set())
    if any(one is None or one.scales for name in around for one in run.laid(name)):
        return None
    counts = [
        one.get("count")
        for name in around
        for file in run.files[name] & run.data.keys()
        for _, one in mappings(run.data[file], "replicas")
        if one.get("name") == workload.name
    ]
    known = [one for one in counts if isinstance(one, int)]
    replicas = min(known) if known else workload.tree.get("spec", "replicas", default=1)
    return replicas if isinstance(replicas, int) and replicas > 0 else None


def _scalers(subjects: Seen) -> dict[tuple[str, str], Manifest]:
    """Kind and name of what is scaled -> the first that scales it."""
    found: dict[tuple[str, str], Manifest] = {}
    for _, scaler in objects(subjects, *_LEAST):
        target = mapping(scaler.tree.data, "spec", "scaleTargetRef")
        found.setdefault((str(target.get("kind", "Deployment")), str(target.get("name"))), scaler)
    return found

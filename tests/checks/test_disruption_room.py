"""A budget as a share of the pods, which the disruption controller rounds up."""

from __future__ import annotations

from typing import Any

import pytest

from svc.checks._params import NoParams
from svc.checks.across.disruption_room import check
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import Tree


def _found(minimum: Any, replicas: int, *more: dict[str, Any]) -> list[str]:
    labels, pods = {"app": "a"}, {"containers": [{"name": "app"}]}
    objects = [
        {"kind": "PodDisruptionBudget", "spec": {"minAvailable": minimum, "selector": {"matchLabels": labels}}},
        {"kind": "Deployment", "spec": {"replicas": replicas, "template": {"metadata": {"labels": labels}, "spec": pods}}},
        *more,
    ]  # fmt: skip
    subjects = [
        Subject("kubernetes", str(at), "a", Manifest(Tree({"metadata": {"name": "a"}, **one})))
        for at, one in enumerate(objects)
    ]
    return [message for _, _, message in check(subjects, NoParams())]


@pytest.mark.parametrize(
    ("minimum", "replicas"), [("50%", 1), ("1%", 1), ("51%", 2), ("99%", 3), ("100%", 200), ("67%", 3), (2, 2)]
)
def test_no_pod_may_go(minimum: Any, replicas: int) -> None:
    assert _found(minimum, replicas) == [f"minAvailable is {minimum}, but Deployment `a` may have {replicas} pods"]


@pytest.mark.parametrize(
    ("minimum", "replicas"), [("50%", 2), ("0%", 1), ("66%", 3), ("67%", 4), ("99%", 100), (1, 2), ("all", 1)]
)
def test_a_pod_may_go(minimum: Any, replicas: int) -> None:
    assert _found(minimum, replicas) == []


def test_the_fewest_that_an_autoscaler_leaves() -> None:
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "a"}}
    scaler = {"kind": "HorizontalPodAutoscaler", "spec": {**target, "minReplicas": 1, "maxReplicas": 9}}
    assert len(_found("50%", 4, scaler)) == 1
    idle = {"kind": "ScaledObject", "spec": {"scaleTargetRef": {"name": "a"}}}
    assert len(_found("50%", 4, idle)) == 1
    assert _found("0%", 4, idle) == []

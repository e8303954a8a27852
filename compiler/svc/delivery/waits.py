"""How long a deploy may wait: for what replaces the pods of a release, and for the jobs around it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from svc.resolve.types.process import Process
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload

_USUAL = 600
_PLACED = 60
"""Seconds in which a pod is given a node and has its image."""
_LONGEST = 10_000
"""Of waits that are counted: with twice as much, a runner of GitHub still ends by itself, which it does after six hours."""


def longest(resolved: Resolved) -> int:
    """Seconds that the longest of Helm's waits may last. One of them is for all pods of the release, which roll out side by
    side, and ends before where a Deployment makes no progress in its own `deadline`; each job before and after it has its own."""
    return max([*_rollouts(resolved), *_jobs(resolved)], default=_USUAL)


def _rollouts(resolved: Resolved) -> Iterator[int]:
    for workload in resolved.workloads:
        if workload.job is None:
            yield workload.rollout.deadline
            yield min(_rounds(workload) * _round(workload), _LONGEST)


def _jobs(resolved: Resolved) -> Iterator[int]:
    """A job that nothing ends is waited for as long as a runner lives."""
    for workload in resolved.jobs:
        if workload.job is not None and workload.job.run in ("before-deploy", "after-deploy"):
            yield workload.job.timeout or _LONGEST


def _rounds(workload: Workload) -> int:
    """How often new pods are waited for, one round after the other, where all replicas run that there may be."""
    replicas = workload.scale.max if workload.scale.driven else workload.scale.min
    if workload.kind == "StatefulSet":
        return replicas
    if workload.rollout.strategy == "recreate":
        return min(replicas, 1)
    at_once = _of(workload.rollout.max_surge, replicas, math.ceil)
    at_once += _of(workload.rollout.max_unavailable, replicas, math.floor)
    return math.ceil(replicas / max(1, at_once))


def _of(share: str, replicas: int, rounded: Callable[[float], int]) -> int:
    return rounded(replicas * int(share[:-1]) / 100) if share.endswith("%") else int(share)


def _round(workload: Workload) -> int:
    """The seconds of one: old pods end first where the new ones take their place."""
    rollout = workload.rollout
    ending = rollout.grace if workload.kind == "StatefulSet" or rollout.strategy == "recreate" else 0
    starting = max(_starting(one, rollout.deadline) for one in (workload.main, *workload.sidecars))
    return ending + _PLACED + starting + rollout.min_ready


def _starting(process: Process, deadline: int) -> int:
    """The seconds after which a process that does not answer is ended, else those after which Kubernetes gives up."""
    health = process.health
    probe = health.startup or health.live
    if probe is not None:
        return probe.initial_delay + probe.period * probe.failure
    return deadline if health.ready is not None else 0

"""A workload with an autoscaler that also fixes its replicas: every apply undoes the autoscaler's work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._apart import apart
from svc.checks._objects import Found, objects, together
from svc.checks._params import NoParams as Params
from svc.checks.seen import seen
from svc.targets.protocol import Subject
from svc.tree import mapping


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for at, scaler in objects(subjects, "HorizontalPodAutoscaler", "ScaledObject"):
        target = mapping(scaler.tree.data, "spec", "scaleTargetRef")
        key = (str(target.get("kind", "Deployment")), str(target.get("name")))
        for subject, workload in seen(subjects).by_name.get(key, ()):
            fixed = workload.tree.get("spec", "replicas") is not None
            if fixed and together(workload, scaler) and not apart(subjects, at, subject):
                message = f"replicas are fixed, while {scaler.kind} `{scaler.name}` sets them"
                yield subject, ("spec", "replicas"), message

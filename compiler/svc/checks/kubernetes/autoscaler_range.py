"""An autoscaler that cannot scale, or that goes down to too few pods."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    """`minimum` 0: only a range without room is found."""

    minimum: int = 0


_RANGES = {
    "HorizontalPodAutoscaler": ("minReplicas", 1, "maxReplicas", None),
    "ScaledObject": ("minReplicaCount", 0, "maxReplicaCount", 100),
}
"""The keys of the range, and what each is unless it is said. KEDA goes to zero on purpose: nobody waits then."""
KINDS = frozenset(_RANGES)


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind not in _RANGES:
        return
    low, usual, high, usual_most = _RANGES[manifest.kind]
    least = manifest.tree.get("spec", low, default=usual)
    most = manifest.tree.get("spec", high, default=usual_most)
    if not isinstance(least, int) or not isinstance(most, int):
        return
    at = ("spec", low) if manifest.tree.get("spec", low) is not None else ("spec",)
    if params.minimum:
        to_zero = manifest.kind == "ScaledObject" and least == 0
        if least < params.minimum and not to_zero:
            yield at, f"the autoscaler goes down to {least}; at least {params.minimum} survive the loss of a node"
    elif least >= most:
        route = ("spec", high) if manifest.tree.get("spec", high) is not None else ("spec",)
        yield route, f"{low} is {least} and {high} {most}: there is nothing to scale"

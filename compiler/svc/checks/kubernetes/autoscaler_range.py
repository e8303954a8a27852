"""An autoscaler that cannot scale, or that goes down to too few pods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.checks._pods import Found
from svc.kubernetes.types import Manifest


@dataclass(frozen=True, slots=True)
class Params:
    """`minimum` 0: only a range without room is found."""

    minimum: int = 0


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind != "HorizontalPodAutoscaler":
        return
    least, most = manifest.tree.get("spec", "minReplicas", default=1), manifest.tree.get("spec", "maxReplicas")
    if not isinstance(least, int) or not isinstance(most, int):
        return
    at = ("spec", "minReplicas") if manifest.tree.get("spec", "minReplicas") is not None else ("spec",)
    if params.minimum:
        if least < params.minimum:
            yield at, f"the autoscaler goes down to {least}; at least {params.minimum} survive the loss of a node"
    elif least >= most:
        yield ("spec", "maxReplicas"), f"minReplicas is {least} and maxReplicas {most}: there is nothing to scale"

"""Too few replicas to survive a node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    minimum: int = 2


KINDS = frozenset({"Deployment", "StatefulSet"})


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind not in ("Deployment", "StatefulSet"):
        return
    replicas = manifest.tree.get("spec", "replicas")
    if replicas is None:
        yield ("spec",), f"one replica by default; at least {params.minimum} survive the loss of a node"
    elif isinstance(replicas, int) and replicas < params.minimum and replicas != 0:
        yield ("spec", "replicas"), f"replicas is {replicas}; at least {params.minimum} survive the loss of a node"

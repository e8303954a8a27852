"""The runtime's default capabilities are not dropped."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, context_route, is_windows, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import items, mapping


@dataclass(frozen=True, slots=True)
class Params:
    drop: str = "ALL"
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.kubernetes < 22 or (is_windows(manifest) and params.kubernetes >= 25):
        return
    for route, container in manifest.containers():
        dropped = items(container, "securityContext", "capabilities", "drop")
        if params.drop in dropped or "ALL" in dropped:
            continue
        at = context_route(route, container)
        if mapping(container, "securityContext", "capabilities"):
            at = (*at, "capabilities")
        yield at, f"{name(container)} keeps capabilities that `drop: [{params.drop}]` would take away"

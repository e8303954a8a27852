"""A container says nothing about a resource. A limit counts as request, and the pod's own values count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from svc.checks.pods import Found, is_sidecar, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    kind: Literal["requests", "limits"] = "requests"
    resource: str = "memory"


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.pod is None:
        return
    kinds = ("requests", "limits") if params.kind == "requests" else ("limits",)
    if any(params.resource in mapping(manifest.pod, "resources", kind) for kind in kinds):
        return
    for route, container in manifest.containers("initContainers", "containers"):
        if "initContainers" in route and not is_sidecar(container):
            continue
        if not any(params.resource in mapping(container, "resources", kind) for kind in kinds):
            at = (*route, "resources") if container.get("resources") else route
            yield at, f"{name(container)} has no {params.resource} {params.kind.removesuffix('s')}"

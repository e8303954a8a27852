"""No seccomp profile applies to a container: neither its own nor the pod's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.checks._pods import Found, context_route, is_windows, mapping, name
from svc.kubernetes.types import Manifest


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.kubernetes < 19 or (is_windows(manifest) and params.kubernetes >= 25):
        return
    if mapping(manifest.pod, "securityContext", "seccompProfile").get("type"):
        return
    for route, container in manifest.containers():
        if not mapping(container, "securityContext", "seccompProfile").get("type"):
            yield context_route(route, container), f"{name(container)} has no seccomp profile"

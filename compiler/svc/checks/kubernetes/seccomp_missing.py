"""No seccomp profile that confines applies to a container: neither its own nor the pod's."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._seccomp import ALLOWED, unconfined
from svc.checks.pods import Found, context_route, is_windows, name
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if is_windows(manifest) and params.kubernetes >= 25:
        return
    yield from unconfined(manifest, params.kubernetes)
    pod = mapping(manifest.pod, "securityContext").get("seccompProfile")
    if params.kubernetes < 19 or (isinstance(pod, dict) and pod.get("type") in ALLOWED):
        return
    for route, container in manifest.containers():
        if mapping(container, "securityContext").get("seccompProfile") is None:
            yield context_route(route, container), f"{name(container)} has no seccomp profile"

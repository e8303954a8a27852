"""Nothing keeps a container from running as root: `runAsNonRoot` is false, or true for neither pod nor container."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, context_route, contexts, in_user_namespace, is_false, is_true, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if in_user_namespace(manifest) and params.kubernetes >= 35:
        return
    denied = False
    for route, context, who in contexts(manifest):
        if is_false(context.get("runAsNonRoot")):
            denied = True
            yield (*route, "runAsNonRoot"), f"{who} allows root: runAsNonRoot is false"
    pod = mapping(manifest.pod, "securityContext").get("runAsNonRoot")
    if is_true(pod) or (is_false(pod) and denied):
        return
    for route, container in manifest.containers():
        if mapping(container, "securityContext").get("runAsNonRoot") is None:
            yield context_route(route, container), f"{name(container)} may run as root: runAsNonRoot is not set"

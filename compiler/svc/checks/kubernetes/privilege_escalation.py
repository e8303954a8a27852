"""Without `allowPrivilegeEscalation: false` a setuid binary makes root of any user. Windows has no such thing."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, context_route, is_false, is_windows, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.kubernetes < 8 or (is_windows(manifest) and params.kubernetes >= 25):
        return
    for route, container in manifest.containers():
        context = mapping(container, "securityContext")
        if is_false(context.get("allowPrivilegeEscalation")):
            continue
        if "allowPrivilegeEscalation" in context:
            yield (
                (*route, "securityContext", "allowPrivilegeEscalation"),
                f"{name(container)} allows privilege escalation",
            )
        else:
            yield context_route(route, container), f"{name(container)} does not forbid privilege escalation"

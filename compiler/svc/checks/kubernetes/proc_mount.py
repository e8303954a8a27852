"""The masks over /proc are taken away."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, in_user_namespace, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    user_namespace_allows: bool = True
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.user_namespace_allows and in_user_namespace(manifest) and params.kubernetes >= 35:
        return
    for route, container in manifest.containers():
        mount = mapping(container, "securityContext").get("procMount")
        if mount not in (None, "Default"):
            yield (*route, "securityContext", "procMount"), f"{name(container)} has procMount `{mount}`, not `Default`"

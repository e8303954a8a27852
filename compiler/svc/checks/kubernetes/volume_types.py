"""Volumes of types that reach beyond the pod. One without a type is an emptyDir, by the API's default."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, quoted
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mappings


@dataclass(frozen=True, slots=True)
class Params:
    forbidden: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.pod is None or manifest.pod_route is None:
        return
    for index, volume in mappings(manifest.pod, "volumes"):
        kinds = [key for key, value in volume.items() if key != "name" and value is not None]
        if any(kind in params.allowed for kind in kinds):
            continue
        wrong = [kind for kind in kinds if kind in params.forbidden or params.allowed]
        route = (*manifest.pod_route, "volumes", index)
        for kind in wrong:
            allowed = f"; allowed are {quoted(params.allowed)}" if params.allowed else ""
            yield (*route, kind), f"volume `{volume.get('name')}` is of type `{kind}`{allowed}"

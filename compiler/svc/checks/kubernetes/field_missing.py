"""A field is not set that the API leaves to whoever writes the object."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    """`kinds` empty: of every pod, and `at` is not read."""

    kinds: tuple[str, ...] = ()
    at: tuple[str, ...] = ("spec",)
    field: str = "priorityClassName"


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    route = params.at if params.kinds else manifest.pod_route
    if route is None or (params.kinds and manifest.kind not in params.kinds):
        return
    if manifest.tree.get(*route, params.field) is None:
        who = f"the {manifest.kind}" if params.kinds else "the pod"
        yield tuple(route), f"{who} has no {params.field}"

"""Nothing keeps the replicas from running on one node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, items, mapping
from svc.kubernetes.types import Manifest


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    replicas = manifest.tree.get("spec", "replicas")
    if manifest.kind not in ("Deployment", "StatefulSet") or manifest.pod_route is None:
        return
    if not isinstance(replicas, int) or replicas < 2:
        return
    if not items(manifest.pod, "topologySpreadConstraints") and not mapping(
        manifest.pod, "affinity", "podAntiAffinity"
    ):
        yield manifest.pod_route, f"nothing spreads the {replicas} pods of {manifest.kind} `{manifest.name}` over nodes"

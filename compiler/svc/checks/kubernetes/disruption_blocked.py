"""A PodDisruptionBudget that lets nobody drain a node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest

KINDS = frozenset({"PodDisruptionBudget"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "PodDisruptionBudget":
        return
    if manifest.tree.get("spec", "maxUnavailable") in (0, "0%"):
        yield ("spec", "maxUnavailable"), "maxUnavailable of zero: no node with such a pod can ever be drained"
    if manifest.tree.get("spec", "minAvailable") == "100%":
        yield ("spec", "minAvailable"), "minAvailable of 100 %: no node with such a pod can ever be drained"

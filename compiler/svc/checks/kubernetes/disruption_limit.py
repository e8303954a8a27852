"""A PodDisruptionBudget that says nothing about how many pods may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.tree import mapping

LIMITS = ("maxUnavailable", "minAvailable")
KINDS = frozenset({"PodDisruptionBudget"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "PodDisruptionBudget":
        return
    if all(mapping(manifest.tree.data, "spec").get(name) is None for name in LIMITS):
        yield ("spec",), "neither maxUnavailable nor minAvailable is set"

"""A PodDisruptionBudget that says nothing about how many pods may be missing, or says it twice."""

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
    said = [name for name in LIMITS if mapping(manifest.tree.data, "spec").get(name) is not None]
    if not said:
        yield ("spec",), "neither maxUnavailable nor minAvailable is set"
    elif len(said) > 1:
        yield ("spec", "minAvailable"), "minAvailable stands beside maxUnavailable: the API refuses both together"

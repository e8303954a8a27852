"""Nothing keeps the replicas from running on one node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._objects import selects
from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, called, pod_labels
from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.tree import mapping, mappings

KINDS = frozenset({"Deployment", "StatefulSet"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    replicas = manifest.tree.get("spec", "replicas")
    if manifest.kind not in ("Deployment", "StatefulSet") or manifest.pod_route is None:
        return
    if not isinstance(replicas, int) or replicas < 2:
        return
    terms = list(_terms(manifest.pod))
    labels = pod_labels(manifest)
    if not any(_own(selector, labels) for _, selector in terms):
        others = "" if not terms else ": its rules select other pods"
        what = f"nothing spreads the {replicas} pods of {called(manifest)} over nodes{others}"
        yield (*manifest.pod_route, *terms[0][0]) if terms else manifest.pod_route, what


def _terms(pod: Any) -> Iterator[tuple[Route, Any]]:
    """What keeps pods apart, with its label selector: constraints and terms of an anti-affinity."""
    for index, one in mappings(pod, "topologySpreadConstraints"):
        yield ("topologySpreadConstraints", index), one.get("labelSelector")
    rules = ("affinity", "podAntiAffinity")
    preferred, required = (f"{one}DuringSchedulingIgnoredDuringExecution" for one in ("preferred", "required"))
    for index, one in mappings(pod, *rules, required):
        yield (*rules, required, index), one.get("labelSelector")
    for index, one in mappings(pod, *rules, preferred):
        yield (*rules, preferred, index), mapping(one, "podAffinityTerm").get("labelSelector")


def _own(selector: Any, labels: dict[str, Any]) -> bool:
    """Without labels, or with a selector that is filled in later, nothing speaks against it; without a selector none match."""
    return isinstance(selector, dict) and (not labels or "$" in str(selector) or selects(selector, labels))

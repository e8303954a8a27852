"""`replicas` of a Deployment or StatefulSet: a value of its own, which gives way where an autoscaler decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.targets.helm.demands import INT32
from svc.targets.helm.place import Place
from svc.targets.helm.types import Entry, Hole, When
from svc.targets.helm.values import Cases, Missing

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

REPLICATED = frozenset({"Deployment", "StatefulSet"})


def replicas(weaver: Weaver, cases: Cases, place: Place) -> Entry:
    known = next((case for case in cases if not isinstance(case, Missing)), 1)
    filled = tuple(known if isinstance(case, Missing) else case for case in cases)
    schema = {"type": "integer", "minimum": min(1, *_whole(cases)), "maximum": INT32}
    scalers = [place.path(word, "enabled") for word in ("autoscaling", "keda")]
    there = [path for path in scalers if path in weaver.taken]
    doc = "Number of replicas, when no autoscaler decides it." if there else "Number of replicas."
    node = weaver.hole(place.path("replicaCount"), filled, doc, schema)
    return Entry("replicas", node, When(there[0], "unless", *there[1:]) if there else None)


def unscaled(weaver: Weaver, place: Place) -> tuple[Entry, ...]:
    """`replicas` of what an autoscaler scales in every environment, for when it is turned off: as few as it may have."""
    for word, key in (("autoscaling", "minReplicas"), ("keda", "minReplicaCount")):
        least = weaver.taken.get(place.path(word, key))
        if least is not None and place.path(word, "enabled") in weaver.taken:
            return (replicas(weaver, tuple(max(1, one) for one in least), place),)
    return ()


def scaled_kind(weaver: Weaver, cases: Cases, place: Place) -> Hole | None:
    """The kind that an autoscaler scales, where the workload is of several: of each environment, scaled or not."""
    if not all(place.name in weaver.created.get(kind, ()) for kind in REPLICATED):
        return None
    kinds = [{one.name: one.kind for one in (e.server, *e.workers) if one is not None} for e in weaver.environments]
    filled = tuple(known.get(place.name, case) for known, case in zip(kinds, cases, strict=True))
    doc = "The kind of workload that is scaled: the one that is enabled."
    return weaver.hole(place.generic(), filled, doc, {"enum": sorted(REPLICATED)})


def _whole(cases: Cases) -> list[int]:
    return [case for case in cases if isinstance(case, int)] or [1]

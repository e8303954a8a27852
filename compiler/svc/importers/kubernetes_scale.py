"""How many replicas a workload has, and how they are replaced."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.kubernetes_autoscaler import autoscaler
from svc.importers.kubernetes_events import scaled_object
from svc.importers.kubernetes_objects import OWN, Objects, added, matches, patch, pod_labels, take
from svc.importers.ledger import View

Route = tuple[str, ...]
_ROLLOUT = {
    "minReadySeconds": ("min_ready", 0),
    "progressDeadlineSeconds": ("deadline", 600),
    "revisionHistoryLimit": ("history", 3),
}


def workload_spec(view: View, draft: Draft, at: Route, kind: str, name: str) -> None:
    for key, part in view.at("spec").items():
        if key == "replicas":
            take(part, draft, (*at, "scale"), part.value)
        elif key in ("selector", "serviceName"):
            part.default("svc selects pods by labels of its own")
        elif key in _ROLLOUT:
            to, usual = _ROLLOUT[key]
            take(part, draft, (*at, "rollout", to), part.value, usual)
        elif key == "strategy":
            _strategy(part, draft, at)
        elif key == "updateStrategy" and part.value == {"type": "RollingUpdate"}:
            part.default(OWN)
        elif key == "persistentVolumeClaimRetentionPolicy":
            part.default("`keep` of the volumes")
        elif key not in ("template", "volumeClaimTemplates"):
            added(part, draft, kind, name, ("spec", key), part.value)


def _strategy(view: View, draft: Draft, at: Route) -> None:
    kind = "recreate" if view.at("type").text == "Recreate" else "rolling"
    take(view.at("type"), draft, (*at, "rollout", "strategy"), kind, "rolling")
    for key, to, usual in (("maxSurge", "max_surge", "25%"), ("maxUnavailable", "max_unavailable", 0)):
        part = view.at("rollingUpdate", key)
        take(part, draft, (*at, "rollout", to), part.value, usual)


def scaled(objects: Objects, workload: View, draft: Draft, at: Route, name: str) -> None:
    """The autoscaler, Kubernetes' own or KEDA's, and the disruption budget of a workload."""
    low = workload.at("spec", "replicas").value
    for one in objects.of("ScaledObject"):
        if one.at("spec", "scaleTargetRef", "name").value == workload.at("metadata", "name").value:
            scaled_object(one.of(draft.name), draft, at, name, objects, workload)
            low = one.at("spec", "minReplicaCount").value or 0
    for one in objects.of("HorizontalPodAutoscaler"):
        target = one.at("spec", "scaleTargetRef")
        if target.at("name").value == workload.at("metadata", "name").value:
            autoscaler(one.of(draft.name).at("spec"), draft, at, name)
            low = one.at("spec", "minReplicas").value or 1
    for one in objects.of("PodDisruptionBudget"):
        if matches(one.at("spec", "selector"), pod_labels(workload)):
            _budget(one.of(draft.name).at("spec"), draft, name, low if isinstance(low, int) else 1)


def _budget(spec: View, draft: Draft, name: str, low: int) -> None:
    spec.at("selector").default("svc selects pods by labels of its own")
    spec.at("unhealthyPodEvictionPolicy").default("svc lets broken pods go")
    least, most = spec.at("minAvailable"), spec.at("maxUnavailable")
    if low < 2:
        spec.default("with one replica a budget would block every drain")
    elif least.there and least.value != low - 1:
        patch(least, draft, "PodDisruptionBudget", name, {"merge": {"spec": {"minAvailable": least.value}}})
    elif least.there:
        least.default("one replica may be missing")
    elif most.there and most.value == 1:
        most.default("one replica may be missing")
    elif most.there:
        change = {"merge": {"spec": {"minAvailable": None, "maxUnavailable": most.value}}}
        patch(most, draft, "PodDisruptionBudget", name, change)

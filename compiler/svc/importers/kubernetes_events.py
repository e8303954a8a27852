"""KEDA: a ScaledObject becomes `scale.triggers`, an authentication that it uses a part of the trigger."""

from __future__ import annotations

from svc.importers.draft import Draft, label, unique
from svc.importers.kubernetes_autoscaler import behavior
from svc.importers.kubernetes_objects import Objects, added, mapping, other_annotations, patch, take
from svc.importers.ledger import View
from svc.scalars import digits

Route = tuple[str, ...]
KIND = "ScaledObject"
_IDENTITIES = ("aws", "azure-workload", "gcp")
_ADVANCED: Route = ("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior")
_PLAIN = {
    "pollingInterval": "polling_interval",
    "cooldownPeriod": "cooldown",
    "idleReplicaCount": "idle_replicas",
}


def scaled_object(view: View, draft: Draft, at: Route, name: str, objects: Objects, workload: View) -> None:
    spec, to = view.at("spec"), (*at, "scale")
    draft.set(to, {"min": 0, "max": 100})
    for key, word in (("minReplicaCount", "min"), ("maxReplicaCount", "max"), *_PLAIN.items()):
        take(spec.at(key), draft, (*to, word), spec.at(key).value)
    for key, word in (("failureThreshold", "failures"), ("replicas", "replicas"), ("behavior", "behavior")):
        part = spec.at("fallback", key)
        take(part, draft, (*to, "fallback", word), part.value, "static" if key == "behavior" else None)
    _triggers(spec, draft, to, name, objects, workload)
    for key in ("apiVersion", "kind", "name"):
        if spec.at("scaleTargetRef", key).there:
            spec.at("scaleTargetRef", key).default("svc names its own workload")
    other_annotations(view, draft, KIND, name)
    _rest(spec, draft, to, name)


def _rest(spec: View, draft: Draft, to: Route, name: str) -> None:
    known = {"minReplicaCount", "maxReplicaCount", *_PLAIN, "fallback", "triggers", "scaleTargetRef", "advanced"}
    for key, part in spec.items():
        if key not in known:
            patch(part, draft, KIND, name, {"merge": {"spec": {key: part.value}}})
    target = spec.at("scaleTargetRef", "envSourceContainerName")
    if target.there:
        added(target, draft, KIND, name, ("spec", "scaleTargetRef", "envSourceContainerName"), target.value)
    for key, part in spec.at("advanced").items():
        if key != "horizontalPodAutoscalerConfig":
            patch(part, draft, KIND, name, {"merge": {"spec": {"advanced": {key: part.value}}}})
    for key, part in spec.at("advanced", "horizontalPodAutoscalerConfig").items():
        if key == "behavior":
            behavior(part, draft, to, KIND, name, _ADVANCED)
        else:
            change = {"spec": {"advanced": {"horizontalPodAutoscalerConfig": {key: part.value}}}}
            patch(part, draft, KIND, name, {"merge": change})


def _triggers(spec: View, draft: Draft, to: Route, name: str, objects: Objects, workload: View) -> None:
    """CPU and memory are words of their own, which the compiler writes first."""
    listed = spec.at("triggers").each()
    resources = [one for one in listed if _utilization(one)]
    for one in resources:
        word = one.at("type").text
        take(one.at("metadata", "value"), draft, (*to, word), f"{one.at('metadata', 'value').text}%")
        one.at("type").mapped(*to, word)
        for key in ("name", "metricType"):
            if one.at(key).there:
                one.at(key).default("a resource's utilization")
    taken: set[str] = set()
    for index, one in enumerate([one for one in listed if one not in resources], len(resources)):
        called = unique(label(one.at("name").text or one.at("type").text, 30), taken, 30)
        _trigger(one, draft, (*to, "triggers", called), name, index, (objects, workload))


def _utilization(one: View) -> bool:
    target = one.at("metadata", "value")
    plain = set(mapping(one)) <= {"type", "name", "metricType", "metadata"} and set(mapping(one.at("metadata"))) == {
        "value"
    }
    percent = one.at("metricType").text in ("", "Utilization") and digits(target.text) and 1 <= int(target.text) <= 9999
    return plain and percent and one.at("type").text in ("cpu", "memory")


def _trigger(one: View, draft: Draft, to: Route, name: str, index: int, around: tuple[Objects, View]) -> None:
    take(one.at("type"), draft, (*to, "type"), one.at("type").text)
    if one.at("name").there:
        one.at("name").mapped(*to)
    for key, part in one.at("metadata").items():
        text = part.text if key.endswith("FromEnv") else part.text.replace("${", "$${")
        take(part, draft, (*to, "metadata", key), text)
    if one.at("metadata").there and not mapping(one.at("metadata")):
        one.at("metadata").default("nothing is said there")
    take(one.at("metricType"), draft, (*to, "metric_type"), one.at("metricType").text)
    _authentication(one.at("authenticationRef"), draft, (*to, "authentication"), *around)
    for key, part in one.items():
        if key not in ("type", "name", "metadata", "metricType", "authenticationRef"):
            added(part, draft, KIND, name, ("spec", "triggers", index, key), part.value)


def _authentication(reference: View, draft: Draft, to: Route, objects: Objects, workload: View) -> None:
    named, kind = reference.at("name"), reference.at("kind")
    if not named.there:
        return
    if kind.there:
        kind.default("known from where the name stands")
    if kind.text == "ClusterTriggerAuthentication":
        take(named, draft, (*to, "cluster"), named.text)
        return
    made = objects.get("TriggerAuthentication", named.text)
    if made is None or not _made(made.of(draft.name), draft, to, objects, workload):
        take(named, draft, (*to, "name"), named.text)
    else:
        named.mapped(*to)


def _made(view: View, draft: Draft, to: Route, objects: Objects, workload: View) -> bool:
    """An authentication that is made of the workload's own secret variables; False for any other."""
    spec = view.at("spec")
    provider = spec.at("podIdentity", "provider")
    entries = [(one, _variable(one, objects, workload)) for one in spec.at("secretTargetRef").each()]
    identity = not spec.at("podIdentity").there or (
        set(mapping(spec.at("podIdentity"))) == {"provider"} and provider.text in _IDENTITIES
    )
    if not identity or not all(name for _, name in entries) or set(mapping(spec)) - {"podIdentity", "secretTargetRef"}:
        return False
    take(provider, draft, (*to, "identity"), provider.text)
    for one, name in entries:
        route = (*to, "secrets", one.at("parameter").text)
        take(one.at("parameter"), draft, route, name)
        for key in ("name", "key"):
            one.at(key).mapped(*route)
    return True


def _variable(entry: View, objects: Objects, workload: View) -> str:
    """The variable of the main container that holds the same secret."""
    wanted = (objects.own(entry.at("name").text), entry.at("key").text)
    for one in workload.at("spec", "template", "spec", "containers", 0, "env").each():
        source = one.at("valueFrom", "secretKeyRef")
        if source.there and (objects.own(source.at("name").text), source.at("key").text) == wanted:
            return one.at("name").text
    return ""

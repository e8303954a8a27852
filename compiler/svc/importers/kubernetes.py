"""Kubernetes manifests: a Deployment or StatefulSet becomes a service, the objects around it its parts."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from svc.importers.draft import Draft, label, unique
from svc.importers.kubernetes_container import container
from svc.importers.ledger import Ledger, View, number

_KINDS = ("Deployment", "StatefulSet")
_OBJECT = "svc writes the object's version, kind, name and labels"

_ROLLOUT = {"minReadySeconds": "min_ready", "progressDeadlineSeconds": "deadline", "revisionHistoryLimit": "history"}


def read(ledgers: Sequence[Ledger]) -> list[Draft]:
    """The drafts of all workloads; what belongs to none is dropped with a reason."""
    objects = [view for ledger in ledgers for view in _objects(View(ledger))]
    configs = {one.at("metadata", "name").text: one for one in objects if one.at("kind").text == "ConfigMap"}
    drafts: list[Draft] = []
    taken: set[str] = set()
    for one in objects:
        for key in ("apiVersion", "kind", "metadata"):
            if one.at(key).there:
                one.at(key).default(_OBJECT)
    for one in objects:
        if one.at("kind").text in _KINDS:
            draft = Draft(unique(label(one.at("metadata", "name").text or "service"), taken))
            drafts.append(draft)
            _workload(one.of(draft.name), draft, configs)
            for other in objects:
                _beside(other.of(draft.name), one, draft)
    for one in objects:
        if one.at("kind").text not in (*_KINDS, "PodDisruptionBudget"):
            for key, part in one.items():
                if key not in ("apiVersion", "kind", "metadata") and part.route not in one.ledger.notes:
                    part.dropped(f"svc import does not carry over what is left of a {one.at('kind').text}")
    return drafts


def _objects(view: View) -> list[View]:
    if view.at("kind").text.endswith("List") and isinstance(view.at("items").value, list):
        for key in ("apiVersion", "kind", "metadata"):
            if view.at(key).there:
                view.at(key).default(_OBJECT)
        return [inner for one in view.at("items").each() for inner in _objects(one)]
    return [view]


def _workload(view: View, draft: Draft, configs: dict[str, View]) -> None:
    spec, template = view.at("spec"), view.at("spec", "template")
    view.at("metadata", "name").mapped("name")
    if view.at("metadata", "namespace").there:
        draft.set(("namespace",), view.at("metadata", "namespace").text)
        view.at("metadata", "namespace").mapped("namespace")
    if view.at("kind").text == "StatefulSet":
        draft.set(("workload",), "statefulset")
        view.at("kind").mapped("workload")
    for key, part in spec.items():
        if key == "replicas":
            draft.set(("scale",), part.value)
            part.mapped("scale")
        elif key in ("selector", "serviceName"):
            part.default("svc selects pods by labels of its own")
        elif key in _ROLLOUT:
            draft.set(("rollout", _ROLLOUT[key]), part.value)
            part.mapped("rollout", _ROLLOUT[key])
        elif key == "strategy":
            _strategy(part, draft)
        elif key != "template":
            _kept(part, draft, view.at("kind").text, {"spec": {key: part.value}})
    for key, part in template.at("metadata").items():
        if key == "annotations":
            for name, one in part.items():
                draft.set(("annotations", name), one.text)
                one.mapped("annotations", name)
        else:
            part.default(_OBJECT)
    _pod(template.at("spec"), draft, configs, view.at("kind").text)


def _strategy(view: View, draft: Draft) -> None:
    if view.at("type").there:
        draft.set(("rollout", "strategy"), "recreate" if view.at("type").text == "Recreate" else "rolling")
        view.at("type").mapped("rollout", "strategy")
    for key, to in (("maxSurge", "max_surge"), ("maxUnavailable", "max_unavailable")):
        part = view.at("rollingUpdate", key)
        if part.there:
            draft.set(("rollout", to), part.value)
            part.mapped("rollout", to)


def _pod(pod: View, draft: Draft, configs: dict[str, View], kind: str) -> None:
    volumes = {one.at("name").text: one for one in pod.at("volumes").each()}
    for index, one in enumerate(pod.at("containers").each()):
        at: tuple[str, ...] = () if index == 0 else ("sidecars", label(one.at("name").text))
        container(one, draft, at, volumes, configs)
    for one in pod.at("initContainers").each():
        container(one, draft, ("init", label(one.at("name").text)), volumes, configs)
    for key, part in pod.items():
        if key == "terminationGracePeriodSeconds":
            draft.set(("rollout", "grace"), part.value)
            part.mapped("rollout", "grace")
        elif key == "serviceAccountName":
            draft.set(("account", "name"), part.text)
            part.mapped("account", "name")
        elif key == "automountServiceAccountToken":
            draft.set(("account", "token"), part.value)
            part.mapped("account", "token")
        elif key == "nodeSelector":
            for name, one in part.items():
                draft.set(("placement", "node_selector", name), one.text)
                one.mapped("placement", "node_selector", name)
        elif key in ("enableServiceLinks", "restartPolicy", "dnsPolicy", "securityContext", "schedulerName"):
            part.dropped("svc writes its own, hardened value; `user` and `group` are taken from the container")
        elif key in ("affinity", "topologySpreadConstraints"):
            part.dropped("it selects pods by labels that svc replaces; see `placement`")
        elif key not in ("containers", "initContainers", "volumes"):
            _kept(part, draft, kind, {"spec": {"template": {"spec": {key: part.value}}}})


def _kept(part: View, draft: Draft, kind: str, merge: object) -> None:
    """What the language has no word for stays as a patch."""
    patches = draft.data.setdefault("patches", [])
    patches.append({"target": f"kubernetes/{kind}", "name": draft.name, "merge": copy.deepcopy(merge)})
    part.patched("patches", len(patches) - 1, reason="the language has no word for it")


def _beside(view: View, workload: View, draft: Draft) -> None:
    kind, spec = view.at("kind").text, view.at("spec")
    labels = workload.at("spec", "template", "metadata", "labels").value or {}
    if kind == "Service":
        selector = spec.at("selector").value
        wanted = selector.items() if isinstance(selector, dict) else ()
        if wanted and isinstance(labels, dict) and all(labels.get(name) == value for name, value in wanted):
            _service(spec, draft)
    elif kind == "HorizontalPodAutoscaler":
        if spec.at("scaleTargetRef", "name").value == workload.at("metadata", "name").value:
            _scale(spec, draft)
    elif kind == "PodDisruptionBudget":
        spec.default("svc writes a budget that leaves room, from `scale`")


def _service(spec: View, draft: Draft) -> None:
    spec.at("selector").default("svc selects pods by labels of its own")
    known = draft.get("ports") or {}
    for one in spec.at("ports").each():
        port, target = one.at("port"), one.at("targetPort")
        wanted = number(target.text) if target.there else port.value
        name = next((key for key, value in known.items() if wanted in (key, value["port"])), "")
        if not name and isinstance(wanted, int):
            name = label(one.at("name").text or f"port-{wanted}", 15)
            draft.set(("ports", name), {"port": wanted})
        if name:
            draft.set(("ports", name, "service"), port.value)
            for part in (port, target, one.at("name")):
                if part.there:
                    part.mapped("ports", name)
        for key, part in one.items():
            if key == "protocol":
                part.default("svc knows it from the port")
            elif key not in ("port", "targetPort", "name") or not name:
                part.dropped("svc import finds no port of the container for it")
    if spec.at("type").there:
        draft.set(("service", "type"), spec.at("type").text)
        spec.at("type").mapped("service", "type")
    for key, part in spec.items():
        if key not in ("selector", "ports", "type"):
            part.dropped("svc import does not carry it over; see `service`")


def _scale(spec: View, draft: Draft) -> None:
    made: dict[str, object] = {}
    for key, to in (("minReplicas", "min"), ("maxReplicas", "max")):
        if spec.at(key).there:
            made[to] = spec.at(key).value
            spec.at(key).mapped("scale", to)
    for one in spec.at("metrics").each():
        name, target = one.at("resource", "name").text, one.at("resource", "target", "averageUtilization")
        if name in ("cpu", "memory") and target.there:
            made[name] = f"{target.text}%"
            target.mapped("scale", name)
            one.at("resource", "name").mapped("scale", name)
            one.at("type").default("a resource's utilization")
            one.at("resource", "target", "type").default("a resource's utilization")
    spec.at("scaleTargetRef").default("svc names its own workload")
    for key, part in spec.items():
        if key not in ("minReplicas", "maxReplicas", "metrics", "scaleTargetRef"):
            part.dropped("svc import does not carry it over; see `scale`")
    draft.set(("scale",), made)

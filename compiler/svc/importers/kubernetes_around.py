"""Around a workload: its Services, and what belongs to them."""

from __future__ import annotations

from svc.importers.draft import Draft, label
from svc.importers.kubernetes_account import account, monitor
from svc.importers.kubernetes_container import transport
from svc.importers.kubernetes_exposure import balancer, ingress, route
from svc.importers.kubernetes_names import leading, unreached
from svc.importers.kubernetes_objects import Objects, mapping, matches, name_of, patch, pod_labels, take
from svc.importers.ledger import View, number


def around(objects: Objects, workload: View, draft: Draft) -> None:
    """Everything that belongs to the server, in the order in which one part needs the other."""
    served = leading(workload, objects)
    plain = [one for one in served if name_of(one) != f"{draft.name}-public"]
    for index, one in enumerate(plain):
        _service(one.of(draft.name), draft, first=index == 0)
        unreached(one, draft)
    names = {name_of(one) for one in plain}
    for one in objects.of("Ingress"):
        ingress(one.of(draft.name), draft, names)
    for one in objects.of("HTTPRoute"):
        route(one.of(draft.name), draft, names)
    for one in served:
        if name_of(one) == f"{draft.name}-public" and draft.get("expose") is None:
            balancer(one.of(draft.name), draft)
    for one in objects.of("ServiceMonitor", "PodMonitor"):
        by = (
            [mapping(each.at("metadata", "labels")) for each in plain]
            if one.at("kind").text == "ServiceMonitor"
            else [pod_labels(workload)]
        )
        if any(matches(one.at("spec", "selector"), labels) for labels in by):
            monitor(one.of(draft.name), draft)
    account(objects, draft)


# --- Service -----------------------------------------------------------------------------------------------------


def _service(view: View, draft: Draft, *, first: bool) -> None:
    spec = view.at("spec")
    spec.at("selector").default("svc selects pods by labels of its own")
    for one in spec.at("ports").each():
        _service_port(one, draft)
    take(spec.at("type"), draft, ("service", "type"), spec.at("type").text, "ClusterIP")
    if spec.at("clusterIP").text == "None":
        take(spec.at("clusterIP"), draft, ("service", "headless"), True, draft.get("workload") == "statefulset")
    elif spec.at("clusterIP").there:
        spec.at("clusterIP").default("the cluster gives the address")
    take(
        spec.at("publishNotReadyAddresses"),
        draft,
        ("service", "publish_not_ready"),
        spec.at("publishNotReadyAddresses").value,
        False,
    )
    take(spec.at("ipFamilyPolicy"), draft, ("service", "ip_family"), spec.at("ipFamilyPolicy").text)
    take(spec.at("sessionAffinity"), draft, ("service", "session_affinity"), spec.at("sessionAffinity").text, "None")
    for key, one in view.at("metadata", "annotations").items():
        take(one, draft, ("service", "annotations", key), one.text)
    known = {"selector", "ports", "type", "publishNotReadyAddresses", "ipFamilyPolicy", "sessionAffinity"}
    for key, part in spec.items():
        if key in known or (key == "clusterIP"):
            continue
        if key in ("clusterIPs", "ipFamilies", "internalTrafficPolicy", "healthCheckNodePort"):
            part.default("the cluster's own value")
        elif first:
            patch(part, draft, "Service", draft.name, {"merge": {"spec": {key: part.value}}})
        else:
            part.dropped("a second Service of the same pods")


def _service_port(one: View, draft: Draft) -> None:
    port, target = one.at("port"), one.at("targetPort")
    wanted = number(target.text) if target.there else port.value
    known = draft.get("ports") or {}
    name = next((key for key, value in known.items() if wanted in (key, value["port"])), "")
    if not name and isinstance(wanted, int):
        name = label(one.at("name").text or f"port-{wanted}", 15)
        draft.set(("ports", name), {"port": wanted, **transport(name, one.at("protocol").text)})
    if name:
        if port.value != draft.get("ports", name, "port"):
            draft.set(("ports", name, "service"), port.value)
        for part in (port, target, one.at("name")):
            if part.there:
                part.mapped("ports", name)
        take(one.at("appProtocol"), draft, ("ports", name, "app_protocol"), one.at("appProtocol").text)
        take(one.at("nodePort"), draft, ("ports", name, "node_port"), one.at("nodePort").value)
    for key, part in one.items():
        if key == "protocol":
            part.default("svc knows it from the port")
        elif key not in ("port", "targetPort", "name", "appProtocol", "nodePort") or not name:
            part.dropped("svc import finds no port of the container for it")

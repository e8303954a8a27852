"""Around a workload: its Services, and the way in from outside."""

from __future__ import annotations

from svc.importers.draft import Draft, label
from svc.importers.kubernetes_account import account, monitor
from svc.importers.kubernetes_container import transport
from svc.importers.kubernetes_objects import Objects, mapping, matches, name_of, patch, pod_labels, take
from svc.importers.ledger import View, number
from svc.resolve.ports import main_first, protocols

_NGINX_BACKEND = "nginx.ingress.kubernetes.io/backend-protocol"


def around(objects: Objects, workload: View, draft: Draft) -> None:
    """Everything that belongs to the server, in the order in which one part needs the other."""
    served = [one for one in objects.of("Service") if matches(one.at("spec", "selector"), pod_labels(workload))]
    plain = [one for one in served if name_of(one) != f"{draft.name}-public"]
    for index, one in enumerate(plain):
        _service(one.of(draft.name), draft, first=index == 0)
    names = {name_of(one) for one in plain}
    for one in objects.of("Ingress"):
        _ingress(one.of(draft.name), draft, names)
    for one in objects.of("HTTPRoute"):
        _route(one.of(draft.name), draft, names)
    for one in served:
        if name_of(one) == f"{draft.name}-public" and draft.get("expose") is None:
            _balancer(one.of(draft.name), draft)
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


# --- exposure ----------------------------------------------------------------------------------------------------


def _named(draft: Draft, port: View) -> str:
    """The port of the spec that a backend means, by the name or number of the Service's port."""
    for name, one in (draft.get("ports") or {}).items():
        if port.value in (name, one.get("service", one["port"])):
            return str(name)
    return ""


def _ingress(view: View, draft: Draft, services: set[str]) -> None:
    spec = view.at("spec")
    rules = spec.at("rules").each()
    paths = [one.at("http", "paths").value for one in rules]
    backends = [one.at("backend", "service") for rule in rules for one in rule.at("http", "paths").each()]
    fits = rules and all(one == paths[0] for one in paths) and all(one.at("name").text in services for one in backends)
    ports = [_named(draft, one.at("port", "name")) or _named(draft, one.at("port", "number")) for one in backends]
    tls = spec.at("tls").each()
    hosts = [one.at("host") for one in rules if one.at("host").there]
    if (
        not hosts
        or not fits
        or not all(ports)
        or draft.get("expose") is not None
        or len(tls) > 1
        or spec.at("defaultBackend").there
    ):
        return
    made = {"hosts": [one.text for one in hosts]} if len(hosts) > 1 else {"host": hosts[0].text}
    draft.data["expose"] = made
    for one in hosts:
        one.mapped("expose", "hosts" if len(hosts) > 1 else "host")
    take(spec.at("ingressClassName"), draft, ("expose", "class_name"), spec.at("ingressClassName").text, "nginx")
    _paths(rules, ports, draft)
    _tls(tls, draft)
    for key, one in view.at("metadata", "annotations").items():
        if key == _NGINX_BACKEND and ports[0] == "grpc" and one.text == "GRPC":
            one.default("from the port's protocol")
        elif key.startswith(("kubectl.kubernetes.io/", "meta.helm.sh/", "helm.sh/")):
            one.default("written by a tool, not by people")
        else:
            take(one, draft, ("expose", "annotations", key), one.text)


def _tls(tls: list[View], draft: Draft) -> None:
    if not tls:
        draft.set(("expose", "tls"), False)
    for one in tls:
        one.at("hosts").default("the same hosts")
        take(one.at("secretName"), draft, ("expose", "tls_secret"), one.at("secretName").text, f"{draft.name}-tls")


def _paths(rules: list[View], ports: list[str], draft: Draft) -> None:
    found: list[dict[str, str]] = []
    for rule in rules[:1]:
        for one in rule.at("http", "paths").each():
            kind = one.at("pathType").text
            found.append({"path": one.at("path").text or "/", **({"type": kind} if kind not in ("", "Prefix") else {}),
                          "port": ports[len(found)]})  # fmt: skip
    for rule in rules:
        for index, one in enumerate(rule.at("http", "paths").each()):
            for key in ("path", "pathType"):
                if one.at(key).there:
                    one.at(key).mapped("expose", "paths", index)
            one.at("backend").default("the Service of the port")
    _write_paths(found, draft)


def _write_paths(found: list[dict[str, str]], draft: Draft) -> None:
    if len({one["port"] for one in found}) == 1:
        port = found[0]["port"]
        if port != _first_http(draft):
            draft.set(("expose", "port"), port)
        found = [{key: value for key, value in one.items() if key != "port"} for one in found]
    if found != [{"path": "/"}]:
        draft.set(("expose", "paths"), [one["path"] if list(one) == ["path"] else one for one in found])


def _first_http(draft: Draft) -> str:
    """The port that is exposed unless another one is named."""
    numbers = {str(name): (int(one["port"]), one.get("protocol")) for name, one in (draft.get("ports") or {}).items()}
    spoken = protocols(numbers)
    found = sorted(main_first(name, numbers[name][0], spoken[name]) for name in numbers)
    return next((name for *_, name in found if spoken[name] in ("http", "https")), "")


def _route(view: View, draft: Draft, services: set[str]) -> None:
    """An HTTPRoute of one Gateway whose rules match a path each and go to one port."""
    spec = view.at("spec")
    parents, rules = spec.at("parentRefs").each(), spec.at("rules").each()
    plain = [set(mapping(one)) <= {"matches", "backendRefs"} and len(one.at("matches").each()) <= 1 for one in rules]
    backends = [one.at("backendRefs", 0) for one in rules]
    ports = [_named(draft, one.at("port")) if one.at("name").text in services else "" for one in backends]
    single = all(len(one.at("backendRefs").each()) == 1 for one in rules)
    if (
        len(parents) != 1
        or not rules
        or not all(plain)
        or not all(ports)
        or not single
        or draft.get("expose") is not None
    ):
        return
    kinds = [one.at("matches", 0, "path", "type").text or "PathPrefix" for one in rules]
    if any(kind not in ("PathPrefix", "Exact") for kind in kinds) or set(mapping(parents[0])) - {
        "name",
        "namespace",
        "group",
        "kind",
    }:
        return
    space = parents[0].at("namespace").text
    made: dict[str, object] = {
        "via": "gateway",
        "gateway": f"{space}/{parents[0].at('name').text}" if space else parents[0].at("name").text,
    }
    hosts = spec.at("hostnames").texts()
    made.update({"hosts": hosts} if len(hosts) > 1 else {"host": hosts[0]} if hosts else {})
    draft.data["expose"] = made
    spec.at("hostnames").mapped("expose", "hosts" if len(hosts) > 1 else "host")
    for _, one in parents[0].items():
        one.mapped("expose", "gateway")
    found = []
    for index, one in enumerate(rules):
        path = one.at("matches", 0, "path")
        found.append(
            {
                "path": path.at("value").text or "/",
                **({"type": "Exact"} if kinds[index] == "Exact" else {}),
                "port": ports[index],
            }
        )
        for part in (path.at("value"), path.at("type")):
            if part.there:
                part.mapped("expose", "paths", index)
        one.at("backendRefs").default("the Service of the port")
    _write_paths(found, draft)
    for key, one in view.at("metadata", "annotations").items():
        take(one, draft, ("expose", "annotations", key), one.text)


def _balancer(view: View, draft: Draft) -> None:
    """The second, public Service that the compiler writes for `via: load-balancer`."""
    spec = view.at("spec")
    draft.set(("expose", "via"), "load-balancer")
    spec.at("type").mapped("expose", "via")
    for key in ("selector", "externalTrafficPolicy", "ports"):
        spec.at(key).default("the compiler always writes it")
    ranges = spec.at("loadBalancerSourceRanges")
    take(ranges, draft, ("expose", "allow"), ranges.texts())
    ports = [_named(draft, one.at("name")) for one in spec.at("ports").each()]
    if ports and ports[0]:
        draft.set(("expose", "port"), ports[0])
    for key, one in view.at("metadata", "annotations").items():
        if key == "external-dns.alpha.kubernetes.io/hostname":
            hosts = one.text.split(",")
            take(
                one,
                draft,
                ("expose", "hosts") if len(hosts) > 1 else ("expose", "host"),
                hosts if len(hosts) > 1 else hosts[0],
            )
        else:
            take(one, draft, ("expose", "annotations", key), one.text)
    if not any("ssl" in key or "tls" in key for key in mapping(view.at("metadata", "annotations"))):
        draft.set(("expose", "tls"), False)

"""The way in from outside: Ingresses, routes of a Gateway, and the public Service of a load balancer."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import mapping, take
from svc.importers.ledger import View
from svc.resolve.ports import main_first, protocols

_NGINX_BACKEND = "nginx.ingress.kubernetes.io/backend-protocol"


def _named(draft: Draft, port: View) -> str:
    """The port of the spec that a backend means, by the name or number of the Service's port."""
    for name, one in (draft.get("ports") or {}).items():
        if port.value in (name, one.get("service", one["port"])):
            return str(name)
    return ""


def ingress(view: View, draft: Draft, services: set[str]) -> None:
    """What leads to these Services: all rules, or those paths of each, as long as they are the same for every host."""
    spec = view.at("spec")
    mine = [
        (rule, [one for one in rule.at("http", "paths").each() if _to(one, services)])
        for rule in spec.at("rules").each()
    ]
    mine = [(rule, paths) for rule, paths in mine if paths]
    fits = mine and all(_written(paths) == _written(mine[0][1]) for _, paths in mine)
    backends = [one.at("backend", "service") for _, paths in mine for one in paths]
    ports = [_named(draft, one.at("port", "name")) or _named(draft, one.at("port", "number")) for one in backends]
    hosts = [rule.at("host") for rule, _ in mine]
    tls = [
        one
        for one in spec.at("tls").each()
        if not one.at("hosts").there or {h.text for h in hosts} & set(one.at("hosts").texts())
    ]
    taken = draft.get("expose") is not None or spec.at("defaultBackend").there
    if not fits or not all(ports) or not all(host.text for host in hosts) or len(tls) > 1 or taken:
        return
    draft.data["expose"] = {"hosts": [one.text for one in hosts]} if len(hosts) > 1 else {"host": hosts[0].text}
    for one in hosts:
        one.mapped("expose", "hosts" if len(hosts) > 1 else "host")
    take(spec.at("ingressClassName"), draft, ("expose", "class_name"), spec.at("ingressClassName").text, "nginx")
    _paths([paths for _, paths in mine], ports, draft)
    _tls(tls, draft)
    for key, one in view.at("metadata", "annotations").items():
        if key == _NGINX_BACKEND and ports[0] == "grpc" and one.text == "GRPC":
            one.default("from the port's protocol")
        elif key.startswith(("kubectl.kubernetes.io/", "meta.helm.sh/", "helm.sh/")):
            one.default("written by a tool, not by people")
        else:
            take(one, draft, ("expose", "annotations", key), one.text)


def _to(path: View, services: set[str]) -> bool:
    return path.at("backend", "service", "name").text in services


def _written(paths: list[View]) -> list[object]:
    return [one.value for one in paths]


def _tls(tls: list[View], draft: Draft) -> None:
    if not tls:
        draft.set(("expose", "tls"), False)
    for one in tls:
        one.at("hosts").default("the same hosts")
        take(one.at("secretName"), draft, ("expose", "tls_secret"), one.at("secretName").text, f"{draft.name}-tls")


def _paths(every: list[list[View]], ports: list[str], draft: Draft) -> None:
    """`every`: the paths of each host, which are the same."""
    found: list[dict[str, str]] = []
    for one in every[0]:
        kind = one.at("pathType").text
        found.append({"path": one.at("path").text or "/", **({"type": kind} if kind not in ("", "Prefix") else {}),
                      "port": ports[len(found)]})  # fmt: skip
    for paths in every:
        for index, one in enumerate(paths):
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
    ports = [(str(name), one) for name, one in (draft.get("ports") or {}).items() if isinstance(one["port"], int)]
    numbers = {name: (one["port"], one.get("protocol")) for name, one in ports}
    spoken = protocols(numbers)
    found = sorted(main_first(name, numbers[name][0], spoken[name]) for name in numbers)
    return next((name for *_, name in found if spoken[name] in ("http", "https")), "")


def route(view: View, draft: Draft, services: set[str]) -> None:
    """An HTTPRoute of one Gateway whose rules match a path each and go to one port."""
    spec = view.at("spec")
    rules = spec.at("rules").each()
    backends = [one.at("backendRefs", 0) for one in rules]
    ports = [_named(draft, one.at("port")) if one.at("name").text in services else "" for one in backends]
    if not rules or not all(ports) or not all(map(_of_one_path, rules)) or draft.get("expose") is not None:
        return
    parents = spec.at("parentRefs").each()
    if len(parents) != 1 or set(mapping(parents[0])) - {"name", "namespace", "group", "kind"}:
        return
    space, gateway = parents[0].at("namespace").text, parents[0].at("name").text
    made: dict[str, object] = {"via": "gateway", "gateway": f"{space}/{gateway}" if space else gateway}
    hosts = spec.at("hostnames").texts()
    made.update({"hosts": hosts} if len(hosts) > 1 else {"host": hosts[0]} if hosts else {})
    draft.data["expose"] = made
    spec.at("hostnames").mapped("expose", "hosts" if len(hosts) > 1 else "host")
    for _, one in parents[0].items():
        one.mapped("expose", "gateway")
    _rules(rules, ports, draft)
    for key, one in view.at("metadata", "annotations").items():
        take(one, draft, ("expose", "annotations", key), one.text)


def _of_one_path(rule: View) -> bool:
    """Whether a rule does nothing but send one path to one backend."""
    if set(mapping(rule)) - {"matches", "backendRefs"} or len(rule.at("matches").each()) > 1:
        return False
    return len(rule.at("backendRefs").each()) == 1 and _path_type(rule) in ("PathPrefix", "Exact")


def _path_type(rule: View) -> str:
    return rule.at("matches", 0, "path", "type").text or "PathPrefix"


def _rules(rules: list[View], ports: list[str], draft: Draft) -> None:
    found = []
    for index, one in enumerate(rules):
        path = one.at("matches", 0, "path")
        kind = {"type": "Exact"} if _path_type(one) == "Exact" else {}
        found.append({"path": path.at("value").text or "/", **kind, "port": ports[index]})
        for part in (path.at("value"), path.at("type")):
            if part.there:
                part.mapped("expose", "paths", index)
        one.at("backendRefs").default("the Service of the port")
    _write_paths(found, draft)


def balancer(view: View, draft: Draft) -> None:
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

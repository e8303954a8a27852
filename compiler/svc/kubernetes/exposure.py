"""The way in from outside: an Ingress, an HTTPRoute or a LoadBalancer Service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.diagnostics import Problem
from svc.kubernetes import meta
from svc.kubernetes.services import service_port
from svc.kubernetes.types import Manifest
from svc.resolve import names
from svc.resolve.types.around import Expose, ExposePath
from svc.resolve.types.process import Port
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.tree import At, without_none

ALLOW: Mapping[str, str] = {
    "nginx": "nginx.ingress.kubernetes.io/whitelist-source-range",
    "alb": "alb.ingress.kubernetes.io/inbound-cidrs",
    "haproxy": "haproxy.org/allow-list",
}
"""Per ingress class: the annotation that lets only some addresses in."""

_BACKEND: Mapping[tuple[str, str], tuple[str, str]] = {
    ("nginx", "grpc"): ("nginx.ingress.kubernetes.io/backend-protocol", "GRPC"),
    ("nginx", "https"): ("nginx.ingress.kubernetes.io/backend-protocol", "HTTPS"),
    ("alb", "grpc"): ("alb.ingress.kubernetes.io/backend-protocol-version", "GRPC"),
    ("alb", "https"): ("alb.ingress.kubernetes.io/backend-protocol", "HTTPS"),
}


def exposure(resolved: Resolved) -> tuple[tuple[Manifest, ...], tuple[Problem, ...]]:
    expose, server = resolved.expose, resolved.server
    if expose is None:
        return (), ()
    if server is None or (server.service is None and expose.via != "load-balancer"):
        message = "there is no Service that traffic from outside could go to"
        return (), (Problem("expose-without-service", expose.at, message, "add `ports`, or remove `expose`"),)
    match expose.via:
        case "ingress":
            return (_ingress(resolved, server, expose),), _ingress_problems(expose)
        case "gateway":
            return (_http_route(resolved, server, expose),), _gateway_problems(expose)
        case "load-balancer":
            return (_load_balancer(resolved, server, expose),), _balancer_problems(expose)


# --- Ingress -----------------------------------------------------------------------------------------------------


def _ingress(resolved: Resolved, server: Workload, expose: Expose) -> Manifest:
    notes: dict[str, Any] = _balanced(server, expose) if expose.class_name == "alb" else {}
    for path in expose.paths:
        backend = _BACKEND.get((expose.class_name, path.port.protocol))
        if backend is not None:
            notes[backend[0]] = At(path.port.at, backend[1])
    if expose.allow and expose.class_name in ALLOW:
        notes[ALLOW[expose.class_name]] = At((*expose.at, "allow"), ",".join(expose.allow))
    notes.update({key: At((*expose.at, "annotations", key), value) for key, value in expose.annotations})
    head = meta.metadata(resolved, server.name, server.component, notes.items())
    tls = without_none({"hosts": list(expose.hosts), "secretName": expose.tls_secret or None})
    paths = [_ingress_path(_service(server), one) for one in expose.paths]
    rules = [{"host": host, "http": {"paths": paths}} for host in expose.hosts] or [{"http": {"paths": paths}}]
    spec = {
        "ingressClassName": expose.class_name or None,
        "tls": [At((*expose.at, "tls"), tls)] if expose.tls else None,
        "rules": rules,
    }
    return meta.manifest("networking.k8s.io/v1", "Ingress", head, expose.at, spec=without_none(spec))


def _balanced(server: Workload, expose: Expose) -> dict[str, Any]:
    """AWS' controller sends requests to pods only when it is told so, nodes need a Service that opens ports on them; and
    it asks every target for `/`, unless it is told what."""
    notes: dict[str, Any] = {}
    if server.service is not None and server.service.type == "ClusterIP":
        notes["alb.ingress.kubernetes.io/target-type"] = "ip"
    ready = server.main.health.ready
    if ready is not None and ready.kind == "http":
        notes["alb.ingress.kubernetes.io/healthcheck-path"] = At(ready.at, ready.path)
        if any(path.port.number != ready.port for path in expose.paths):
            notes["alb.ingress.kubernetes.io/healthcheck-port"] = At(ready.at, str(ready.port))
    return notes


def _ingress_path(service: str, path: ExposePath) -> dict[str, Any]:
    backend = {"service": {"name": service, "port": {"name": path.port.name}}}
    return {"path": path.path, "pathType": path.type, "backend": backend}


def _service(server: Workload) -> str:
    return server.service.name if server.service else server.name


def _ingress_problems(expose: Expose) -> tuple[Problem, ...]:
    found = []
    given = {key for key, _ in expose.annotations}
    if expose.allow and expose.class_name not in ALLOW:
        name = expose.class_name or "(the cluster's default)"
        message = f"ingress class {name} has no known way to limit who comes in; known: {', '.join(sorted(ALLOW))}"
        text = "set expose.class_name to one of them, or limit it by the controller's own annotation and remove `allow`"
        found.append(Problem("expose-allow-unknown-class", (*expose.at, "allow"), message, text))
    if expose.allow and ALLOW.get(expose.class_name) in given:
        message = f"`allow` and the annotation {ALLOW[expose.class_name]} say the same thing twice"
        other = (("the annotation", (*expose.at, "annotations", ALLOW[expose.class_name])),)
        found.append(Problem("expose-allow-twice", (*expose.at, "allow"), message, "remove one of them", related=other))
    used = {_BACKEND.get((expose.class_name, one.port.protocol)) for one in expose.paths}
    if len(used) > 1:
        ports = ", ".join(f"{one.port.name} ({one.port.protocol})" for one in expose.paths)
        message = f"one Ingress has one backend protocol, and its paths lead to {ports}"
        found.append(
            Problem("expose-mixed-protocols", (*expose.at, "paths"), message, "expose ports of one protocol", "key")
        )
    return tuple(found)


# --- Gateway API -------------------------------------------------------------------------------------------------


def _http_route(resolved: Resolved, server: Workload, expose: Expose) -> Manifest:
    notes = [(key, At((*expose.at, "annotations", key), value)) for key, value in expose.annotations]
    head = meta.metadata(resolved, server.name, server.component, notes)
    namespace, _, name = expose.gateway.rpartition("/")
    parent = without_none({"name": name, "namespace": namespace or None})
    spec: dict[str, Any] = {"parentRefs": [At((*expose.at, "gateway"), parent)]}
    if expose.hosts:
        spec["hostnames"] = list(expose.hosts)
    spec["rules"] = [_route_rule(_service(server), one) for one in expose.paths]
    return meta.manifest("gateway.networking.k8s.io/v1", "HTTPRoute", head, expose.at, spec=spec)


def _route_rule(service: str, path: ExposePath) -> dict[str, Any]:
    kind = "Exact" if path.type == "Exact" else "PathPrefix"
    return {
        "matches": [{"path": {"type": kind, "value": path.path}}],
        "backendRefs": [{"name": service, "port": path.port.service}],
    }


def _gateway_problems(expose: Expose) -> tuple[Problem, ...]:
    found = []
    if not expose.gateway:
        message = "an HTTPRoute must name the Gateway that it attaches to"
        at = (*expose.at, "gateway")
        found.append(Problem("expose-gateway-missing", at, message, "write the `namespace/name` of a Gateway"))
    if expose.allow:
        message = "an HTTPRoute cannot limit the addresses that come in"
        text = "limit them at the Gateway, or expose the service by an Ingress or a load balancer"
        found.append(Problem("expose-allow-gateway", (*expose.at, "allow"), message, text))
    for one in expose.paths:
        if one.type == "ImplementationSpecific":
            message = "an HTTPRoute matches paths as Prefix or Exact, not ImplementationSpecific"
            found.append(Problem("expose-path-type", (*one.at, "type"), message, "use Prefix or Exact"))
    return tuple(found)


# --- LoadBalancer ------------------------------------------------------------------------------------------------


def _load_balancer(resolved: Resolved, server: Workload, expose: Expose) -> Manifest:
    notes: dict[str, Any] = {}
    if expose.hosts:
        notes["external-dns.alpha.kubernetes.io/hostname"] = ",".join(expose.hosts)
    notes.update({key: At((*expose.at, "annotations", key), value) for key, value in expose.annotations})
    head = meta.metadata(resolved, f"{server.name}-public", server.component, notes.items())
    spec = {
        "type": "LoadBalancer",
        "externalTrafficPolicy": "Local",
        "loadBalancerSourceRanges": At((*expose.at, "allow"), list(expose.allow)) if expose.allow else None,
        "selector": names.selector(resolved, server.component),
        "ports": [At(one.at, service_port(one)) for one in _ports(expose)],
    }
    return meta.manifest("v1", "Service", head, expose.at, spec=without_none(spec))


def _ports(expose: Expose) -> tuple[Port, ...]:
    """The exposed ports, each once, in the order of their paths."""
    return tuple({one.port.name: one.port for one in expose.paths}.values())


def _balancer_problems(expose: Expose) -> tuple[Problem, ...]:
    found = []
    for one in expose.paths:
        if one.path != "/":
            message = "a load balancer passes on whole ports, it knows no paths"
            help_ = "remove `path`, or use an Ingress"
            found.append(Problem("expose-path-load-balancer", (*one.at, "path"), message, help_))
    own_tls = all(one.protocol == "https" for one in _ports(expose))
    if expose.tls and not own_tls and not any("ssl" in key or "tls" in key for key, _ in expose.annotations):
        message = "a load balancer Service ends no TLS by itself"
        text = "set `tls: false` if the process does, or add the cloud's certificate annotation to expose.annotations"
        found.append(Problem("expose-tls-load-balancer", (*expose.at, "tls"), message, text))
    return tuple(found)

"""An Ingress or a route of the Gateway API that leads to a Service, or to a port of it, that is not there although others are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._installed import brought
from svc.checks._objects import Found, named, objects
from svc.checks.pods import quoted
from svc.checks.seen import Seen, once, reaches
from svc.diagnostics import Route
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.targets.protocol import Subject
from svc.tree import items, mapping, mappings

BY_ANNOTATION = "use-annotation"
"""The port of a backend that an annotation of AWS's load balancer controller describes: a redirect, or weights."""


_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")


@dataclass(frozen=True, slots=True)
class Params:
    port: bool = False


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for subject, ingress in objects(subjects, "Ingress", *_ROUTES):
        for route, backend in _backends(ingress) if ingress.kind == "Ingress" else _referred(ingress):
            name = backend.get("name")
            if not name or not isinstance(name, str) or filled_in_later(name):
                continue
            found = named(subjects, ingress, name, "Service")
            if not found:
                if (
                    not params.port
                    and reaches(once(subjects, _spaces), ingress)
                    and not brought(subjects, ingress, name, "Service")
                ):
                    yield subject, (*route, "name"), f"there is no Service `{name}`"
                continue
            wanted, ports = _wanted(backend), _ports(found) if params.port else ()
            if wanted and ports and not any(wanted in (one.get("name"), one.get("port")) for one in ports):
                known = quoted(dict.fromkeys(_called(one, wanted) for one in ports))
                yield subject, (*route, "port"), f"Service `{name}` has no port `{wanted}`; it has {known}"


def _called(port: dict[str, Any], wanted: str | int) -> Any:
    """The name or the number of a port, as one is asked for."""
    return port["port"] if isinstance(wanted, int) else port.get("name", port["port"])


def _spaces(subjects: Seen) -> frozenset[str]:
    return frozenset(one.namespace for _, one in objects(subjects, "Service") if _is_core(one))


def _is_core(service: Manifest) -> bool:
    """Those of Knative are called so as well, and make one of the same name."""
    return "/" not in service.api_version


def _wanted(backend: dict[str, Any]) -> str | int | None:
    """The name or the number of a backend's port, where it is known."""
    port = backend.get("port")
    if isinstance(port, dict) and port.get("name"):
        name = port["name"]
        return name if isinstance(name, str) and not filled_in_later(name) else None
    number = port.get("number") if isinstance(port, dict) else port
    return number if type(number) is int else None


def _ports(services: Sequence[Manifest]) -> list[dict[str, Any]]:
    """The ports of Services; none where those of one are not known: it is a patch, or a name for another host."""
    found = []
    for service in services:
        listed = items(service.tree.data, "spec", "ports")
        if not listed or not _is_core(service) or not all(map(_is_plain, listed)):
            return []
        found += listed
    return found


def _is_plain(port: Any) -> bool:
    return isinstance(port, dict) and type(port.get("port")) is int and not filled_in_later(str(port.get("name")))


def _backends(ingress: Manifest) -> Iterator[tuple[Route, dict[str, Any]]]:
    for route, service in _services(ingress):
        if service and mapping(service, "port").get("name") != BY_ANNOTATION:
            yield route, service


def _services(ingress: Manifest) -> Iterator[tuple[Route, dict[str, Any]]]:
    yield ("spec", "defaultBackend", "service"), mapping(ingress.tree.data, "spec", "defaultBackend", "service")
    for index, rule in mappings(ingress.tree.data, "spec", "rules"):
        for place, path in mappings(rule, "http", "paths"):
            at = ("spec", "rules", index, "http", "paths", place, "backend", "service")
            yield at, mapping(path, "backend", "service")


def _referred(route: Manifest) -> Iterator[tuple[Route, dict[str, Any]]]:
    """The Services in its own namespace that a route names; `kind` and `group` say whether one is a Service."""
    for index, rule in mappings(route.tree.data, "spec", "rules"):
        at = ("spec", "rules", index)
        for place, backend in mappings(rule, "backendRefs"):
            if _service(route, backend):
                yield (*at, "backendRefs", place), backend
        for place, one in mappings(rule, "filters"):
            mirror = mapping(one, "requestMirror", "backendRef")
            if mirror and _service(route, mirror):
                yield (*at, "filters", place, "requestMirror", "backendRef"), mirror


def _service(route: Manifest, backend: dict[str, Any]) -> bool:
    elsewhere = backend.get("namespace") not in (None, "", route.namespace)
    return not elsewhere and backend.get("kind", "Service") == "Service" and not backend.get("group")

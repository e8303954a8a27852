"""An Ingress or a route of the Gateway API that leads to a Service, or to a port of it, that is not there although others are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._objects import Found, beside, named, objects
from svc.checks._pods import mapping, mappings, quoted
from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.targets.protocol import Subject

BY_ANNOTATION = "use-annotation"
"""The port of a backend that an annotation of AWS's load balancer controller describes: a redirect, or weights."""


_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")


@dataclass(frozen=True, slots=True)
class Params:
    port: bool = False


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for subject, ingress in objects(subjects, "Ingress", *_ROUTES):
        for route, backend in _backends(ingress) if ingress.kind == "Ingress" else _referred(ingress):
            found = named(subjects, ingress, backend.get("name"), "Service")
            if not found:
                if not params.port and beside(subjects, ingress, "Service"):
                    yield subject, (*route, "name"), f"there is no Service `{backend.get('name')}`"
                continue
            port = backend.get("port")
            ports = [one for service in found for _, one in mappings(service.tree.data, "spec", "ports")]
            wanted = port.get("name", port.get("number")) if isinstance(port, dict) else port
            if (
                params.port
                and wanted is not None
                and not any(wanted in (one.get("name"), one.get("port")) for one in ports)
            ):
                known = quoted(one.get("name", one.get("port")) for one in ports)
                yield (
                    subject,
                    (*route, "port"),
                    f"Service `{backend.get('name')}` has no port `{wanted}`; it has {known}",
                )


def _backends(ingress: Manifest) -> Iterator[tuple[Route, dict[str, Any]]]:
    default = mapping(ingress.tree.data, "spec", "defaultBackend", "service")
    if default:
        yield ("spec", "defaultBackend", "service"), default
    for index, rule in mappings(ingress.tree.data, "spec", "rules"):
        for place, path in mappings(rule, "http", "paths"):
            service = mapping(path, "backend", "service")
            if service and mapping(service, "port").get("name") != BY_ANNOTATION:
                yield ("spec", "rules", index, "http", "paths", place, "backend", "service"), service


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

"""What a service claims that only one can have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from svc.diagnostics import Route
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit
from svc.stages.types import Claimed


def claims(unit: Unit) -> tuple[Claimed, ...]:
    return (*_secrets(unit), *_doors(unit), *_objects(unit))


def _secrets(unit: Unit) -> Iterator[Claimed]:
    paths = {one.path: one.at for held in unit.first.secrets for one in held.entries}
    made = "terraform" not in unit.first.own
    yield from (Claimed("secret", path, unit.origin("", route).place, made) for path, route in paths.items())


def _doors(unit: Unit) -> Iterator[Claimed]:
    """Ways in from outside that lead to one service alone."""
    for one in unit.environments:
        found: list[tuple[Literal["host", "node port"], str, Route]] = []
        if one.expose is not None:
            at = one.expose.at
            paths = [path.path for path in one.expose.paths] or ["/"]
            found += [("host", f"{host}{path}", at) for host in one.expose.hosts for path in paths]
        if one.server is not None and one.server.service is not None:
            ports = [port for port in one.server.service.ports if port.node_port is not None]
            found += [("node port", f"{port.node_port}/{port.transport}", (*port.at, "node_port")) for port in ports]
        for kind, path, at in found:
            yield Claimed(kind, path, unit.origin(one.environment, at).place, environment=one.environment)


def _objects(unit: Unit) -> Iterator[Claimed]:
    """Objects of the chart that are named after the service and a part of it, which another service may be named as."""
    made = "helm" not in unit.first.own
    for one in unit.environments:
        for kind, name, at in _named(one):
            place = unit.origin(one.environment, at, "key").place
            path = f"{kind} {name} in the namespace {one.namespace}"
            yield Claimed("object", path, place, made, f"{one.environment} on {one.cloud.cluster}")


def _named(one: Resolved) -> Iterator[tuple[str, str, Route]]:
    for workload in one.workloads:
        yield workload.kind, workload.name, workload.at or ("name",)
    if one.server is not None and one.server.service is not None:
        yield "Service", one.server.service.name, ("name",)
    for need in one.needs:
        if need.realise == "in-cluster":
            yield "Service", need.object_name, need.at
    for secret in one.secrets:
        yield "ExternalSecret", secret.name, secret.at

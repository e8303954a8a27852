"""Which ports the server's Service has: within the cluster all of them, and what it opens to the world is there to be used."""

from __future__ import annotations

from collections.abc import Iterable

from svc.diagnostics import Severity
from svc.model.service import Service
from svc.records import replace
from svc.resolve.context import Context
from svc.resolve.ports import aside, first_http, ports
from svc.resolve.referred import asked_for
from svc.resolve.types.process import Port


def behind(service: Service, main: tuple[Port, ...], beside: Iterable[tuple[Port, ...]]) -> tuple[Port, ...]:
    """The main process's ports, and those of sidecars that are exposed or measured: a web server before PHP, an
    exporter."""
    wanted = _named(service)
    if service.observe is not None and service.observe.metrics is not None:
        wanted.add(service.observe.metrics.port)
    own = {port.name for port in main}
    return (*main, *(port for found in beside for port in found if port.name in wanted - own))


def opened(context: Context, available: tuple[Port, ...]) -> tuple[Port, ...]:
    """The ports that the Service has; those that it leaves out are said."""
    left_out = closed(context.service, available)
    kind = context.service.service.type if context.service.service is not None else ""
    for one in left_out:
        why = "by its name it is for those who run the service" if aside(one.name) else "it is there to be measured"
        help_ = f"if the world may reach it too, write its Service port, `{asked_for(one)}`"
        message = f"the Service of type {kind} does not open `{one.name}`: {why}"
        context.report("port-not-opened", one.at, message, help=help_, anchor="key", severity=Severity.INFO)
    return tuple(one for one in available if one not in left_out)


def closed(service: Service, available: tuple[Port, ...]) -> tuple[Port, ...]:
    """What a load balancer or the nodes do not open, unless nothing else is there or the spec asks for it: what is aside
    by its name, and ports of sidecars that are only measured. Prometheus asks the pods themselves then."""
    if _within(service):
        return ()
    exposed = _exposed(service, available)
    found = [
        one
        for one in available
        if (aside(one.name) or _beside(one)) and one.name not in exposed and not asked(service, one)
    ]
    return tuple(found) if len(found) < len(available) else ()


def closed_names(context: Context) -> frozenset[str]:
    """Of a spec that is not resolved itself."""
    if _within(context.service):
        return frozenset()
    quiet, service = replace(context, problems=[]), context.service
    main = ports(quiet, service.ports, ())
    beside = [ports(quiet, one.ports, ("sidecars", name)) for name, one in service.sidecars.items()]
    return frozenset(one.name for one in closed(service, behind(service, main, beside)))


def for_anyone(service: Service, available: Iterable[Port]) -> tuple[Port, ...]:
    """Of the ports that a load balancer or the nodes have, those that the network policy lets the world in on: what is
    aside by its name is there for others, such as an ingress, unless the spec asks for it or nothing else is there."""
    every = tuple(available)
    return tuple(one for one in every if not aside(one.name) or asked(service, one)) or every


def first_exposed(available: tuple[Port, ...]) -> Port | None:
    """The port that requests from outside go to when none is named."""
    return first_http(available) or next(
        (port for port in available if port.protocol == "grpc"), available[0] if len(available) == 1 else None
    )


def _within(service: Service) -> bool:
    """Whether the Service is reached from within the cluster alone."""
    return service.service is None or service.service.type == "ClusterIP"


def _named(service: Service) -> set[str | None]:
    """The ports that the spec names under `expose`."""
    given = service.expose
    return {path.port for path in given.paths} | {given.port} if given is not None else set()


def _exposed(service: Service, available: tuple[Port, ...]) -> set[str | None]:
    given = service.expose
    first = first_exposed(available) if given is not None and given.port is None else None
    return _named(service) | ({first.name} if first is not None else set())


def _beside(port: Port) -> bool:
    return port.at[:1] == ("sidecars",)


def asked(service: Service, port: Port) -> bool:
    """Whether the spec says which port of the Service, or of the nodes, it is."""
    owner = service.sidecars[str(port.at[1])] if _beside(port) else service
    given = owner.ports[port.name]
    return given.service is not None or given.node_port is not None

"""Which ports the server's Service has: within the cluster all of them, and what it opens to the world is there to be used."""

from __future__ import annotations

from collections.abc import Iterable

from svc.diagnostics import Route, Severity
from svc.model.service import Service
from svc.records import replace
from svc.resolve.context import Context, Facts
from svc.resolve.ports import aside, first_http, ports
from svc.resolve.referred import asked_for
from svc.resolve.types.process import Port


def offered(service: Service, main: tuple[Port, ...], beside: Iterable[tuple[Port, ...]]) -> tuple[Port, ...]:
    """The ports that clients within the cluster use: the main process's, and those of sidecars that are exposed, as of
    a web server before PHP, or say which port of the Service they are."""
    return _with(service, main, beside, _named(service))


def behind(service: Service, main: tuple[Port, ...], beside: Iterable[tuple[Port, ...]]) -> tuple[Port, ...]:
    """Those, and what is there to be measured, as by an exporter."""
    wanted = _named(service)
    if service.observe is not None and service.observe.metrics is not None:
        wanted.add(service.observe.metrics.port)
    return _with(service, main, beside, wanted)


def _with(
    service: Service, main: tuple[Port, ...], beside: Iterable[tuple[Port, ...]], wanted: set[str | None]
) -> tuple[Port, ...]:
    named = wanted - {port.name for port in main}
    return (*main, *(port for found in beside for port in found if port.name in named or asked(service, port)))


def opened(context: Context, available: tuple[Port, ...]) -> tuple[Port, ...]:
    """The ports that the Service has; those that it leaves out are said."""
    left_out = closed(context.service, available)
    kind = context.service.service.type if context.service.service is not None else ""
    for one in left_out:
        why = "by its name it is for those who run the service" if aside(one.name) else "it is there to be measured"
        help_ = f"if the world may reach it too, write its Service port, `{asked_for(one)}`"
        message = f"the Service of type {kind} does not open `{one.name}`: {why}"
        context.report("port-not-opened", one.at, message, help=help_, anchor="key", severity=Severity.INFO)
    found = tuple(one for one in available if one not in left_out)
    _told_apart(context, found)
    return found


def _told_apart(context: Context, found: tuple[Port, ...]) -> None:
    """A Service has each name and each number once, whichever process opens the port. Of one process, numbers are
    compared where its ports are made."""
    for index, one in enumerate(found):
        for other in found[:index]:
            related = (("the other", other.at),)
            if one.name == other.name:
                message = f"the Service has one port called `{one.name}`, and two processes have one"
                context.report("port-named-twice", one.at, message, help="rename one of them", related=related)
            elif one.transport == other.transport and _owner(one) != _owner(other) and one.service == other.service:
                message = f"`{other.name}` and `{one.name}` have the same service port {one.service}"
                context.report("service-port-twice", one.at, message, related=related)
            elif one.transport == other.transport and one.node_port is not None and one.node_port == other.node_port:
                message = f"`{other.name}` and `{one.name}` have the same port {one.node_port} of the nodes"
                context.report("service-port-twice", (*one.at, "node_port"), message, related=related)


def _owner(port: Port) -> Route:
    return port.at[:2] if _beside(port) else ()


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


def facts_of(context: Context) -> Facts:
    """What others know of a service in an environment, before its spec is resolved itself."""
    quiet, service = replace(context, problems=[]), context.service
    main = ports(quiet, service.ports, ())
    beside = [ports(quiet, one.ports, ("sidecars", name)) for name, one in service.sidecars.items()]
    every, found = behind(service, main, beside), offered(service, main, beside)
    left_out = () if _within(service) else closed(service, every)
    served = service.workload != "none" and bool(every or _replicas_named(service))
    return Facts(context.namespace, found, frozenset(one.name for one in left_out), served)


def _replicas_named(service: Service) -> bool:
    """Whether each replica has a name of its own, for which there is a Service without ports, too."""
    kept = (one for one in service.volumes.values() if not one.scratch and not one.claim)
    own = service.workload is None and any(one.access in (None, "once", "once-pod") for one in kept)
    return own or service.workload == "statefulset"


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

"""Who may connect to the service, and to whom it connects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

from svc.diagnostics import Route, Severity
from svc.model.access import Peer as GivenPeer
from svc.model.mapped import written
from svc.patterns import regex
from svc.resolve.context import Context
from svc.resolve.opened import for_anyone, offered
from svc.resolve.types.around import Access, Call, Expose, Metrics, Peer
from svc.resolve.types.process import Port
from svc.resolve.types.workloads import Workload
from svc.suggest import close

Transport = Literal["TCP", "UDP"]
Ports = tuple[tuple[int, Transport], ...]
_TOLD = frozenset(("alb", "kong", "traefik"))
"""Ingress classes of controllers that are no pods of the cluster, or have a namespace of their own name."""
_NUMBER = regex(r"-?v?\d+")
"""Of a version or a copy: names that differ in it alone, `orders-v1` and `orders-v2`, are no slips of the finger."""


def access(context: Context, server: Workload | None, exposed: Expose | None, scraped: Metrics | None) -> Access:
    """Who may connect (the namespace unless given; ingress and monitoring by what they need) and to whom we connect."""
    given = context.service.access
    main = server.main.ports if server is not None else ()
    sidecars = [one.ports for one in server.sidecars] if server is not None else []
    ports, beside = _spoken_on(offered(context.service, main, sidecars)), _spoken_on(chain(*sidecars))
    incoming: list[Peer] = []
    if given is not None and given.from_ is not None:
        incoming += [
            _peer(context, peer, ("access", "from", index), ports, beside) for index, peer in enumerate(given.from_)
        ]
        own = {number: at for (name, number), at in context.referenced.items() if name == context.service.name}
        for number, at in own.items() if context.service.name not in {peer.service for peer in incoming} else ():
            incoming.append(
                Peer(service=context.service.name, ports=_spoken(context, context.service.name, number), at=at)
            )
    elif ports:
        incoming.append(Peer(namespace=context.namespace, ports=ports, at=("ports",)))
        if server is not None and server.service is not None and server.service.type != "ClusterIP":
            world = for_anyone(context.service, server.service.ports)
            opened = tuple((one.number, one.transport) for one in world)
            incoming.append(Peer(role="anyone", ports=opened, at=(*server.service.at, "type")))
    if exposed is not None:
        used = tuple(dict.fromkeys((path.port.number, path.port.transport) for path in exposed.paths))
        namespace = _controller(context, exposed)
        incoming.append(Peer(role="ingress-controller", namespace=namespace, ports=used, at=exposed.at))
    if scraped is not None:
        incoming.append(
            Peer(
                role="monitoring",
                namespace=context.workspace.monitoring_namespace,
                ports=((scraped.port.number, scraped.port.transport),),
                at=scraped.at,
            )
        )
    outgoing = _outgoing(context, incoming)
    return Access(tuple(incoming), tuple(outgoing), given.open_egress if given is not None else False, ("access",))


def _spoken_on(ports: Iterable[Port]) -> Ports:
    return tuple((port.number, port.transport) for port in ports)


def _outgoing(context: Context, incoming: Sequence[Peer]) -> Iterator[Peer]:
    """To whom we connect: as given, our own replicas where they reach us, and what references name."""
    given = context.service.access
    named: set[str] = set()
    for index, peer in enumerate(given.to if given is not None else ()):
        one = _peer(context, peer, ("access", "to", index), ())
        named.add(one.service)
        yield one
    for one in incoming:
        if one.service == context.service.name and one.service not in named:
            named.add(one.service)
            yield Peer(service=one.service, ports=one.ports, at=one.at)
    for (name, number), at in context.referenced.items():
        if name not in named:
            spoken = _spoken(context, name, number)
            yield Peer(service=name, namespace=_namespace(context, name), ports=spoken, at=at)


def _controller(context: Context, exposed: Expose) -> str:
    """The namespace of the controller that serves an Ingress; nothing when its class tells where requests come from."""
    if exposed.via != "ingress":
        return ""
    told = exposed.class_name in _TOLD and "ingress_namespace" not in written(context.workspace)
    return "" if told else context.workspace.ingress_namespace


def calls(context: Context) -> tuple[Call, ...]:
    """Whom this service speaks to, in the order of the spec; `access` names those that no address leads to."""
    found = dict(context.calls)
    given = context.service.access
    for index, peer in enumerate(given.to if given is not None else ()):
        if peer.service is not None:
            found.setdefault((peer.service, False), ("access", "to", index))
    return tuple(Call(name, waits, at) for (name, waits), at in found.items())


def _namespace(context: Context, name: str) -> str:
    neighbour = context.neighbours.get(name)
    return neighbour.at(context.environment).namespace if neighbour is not None else ""


def _spoken(context: Context, name: str, number: int) -> Ports:
    """A port of a service, with what is spoken on it."""
    neighbour = context.own if name == context.service.name else context.neighbours.get(name)
    known = _spoken_on(neighbour.at(context.environment).ports) if neighbour is not None else ()
    return tuple(one for one in known if one[0] == number) or ((number, "TCP"),)


def _peer(context: Context, given: GivenPeer, at: Route, ports: Ports, beside: Ports = ()) -> Peer:
    """`ports`: those that it means when it names none. `beside`: what else is open in our pods."""
    known = (*ports, *beside)
    typed = tuple(one for number in given.ports for one in _typed(number, given.protocol, known)) or ports
    if given.peer == "*":
        return Peer(namespace=context.namespace, ports=typed, at=at)
    namespace = given.namespace or (_namespace(context, given.service) if given.service is not None else "")
    if not any((given.service, given.cidr, given.host, given.namespace)):
        message = "a peer names a service, a namespace, a network or a host"
        context.report("peer-empty", at, message, help="write one of `service`, `namespace`, `cidr`, `host`")
    if given.service is not None and given.namespace is None:
        _unknown(context, given.service, at)
    return Peer(given.service or "", namespace, given.cidr or "", given.host or "", "", typed, at)


def _unknown(context: Context, name: str, at: Route) -> None:
    """A service whose namespace nobody knows, so that it is looked for in ours."""
    neighbour = context.neighbours.get(name) if name != context.service.name else None
    if neighbour is None:
        _misspelt(context, name, at)
    elif neighbour.broken == "apart":
        message = f"`{name}` is no member of the workspace, so it is looked for in the namespace of this service"
        help_ = f"add its spec to `services` of the workspace, or write its namespace too, as `its-namespace/{name}`"
        context.report("peer-apart", at, message, help=help_, severity=Severity.WARNING)


def _misspelt(context: Context, name: str, at: Route) -> None:
    """A service that nobody has opens nothing, and nothing says so in the cluster; one outside may have any name."""
    known = set(context.neighbours)
    others = {one for one in known if _NUMBER.sub("", one) != _NUMBER.sub("", name)}
    near = close(name, others, 0.8) if name not in {context.service.name, *known} else ""
    if near:
        message = f"there is no service `{name}` in this workspace; did you mean `{near}`?"
        help_ = f"for one that is not in the workspace, write its namespace too, as `its-namespace/{name}`"
        context.report("peer-misspelt", at, message, help=help_, severity=Severity.WARNING)


def _typed(number: int, protocol: str | None, ports: Ports) -> Ports:
    """A port of a peer: as it says, else as our own port of this number speaks, else by TCP."""
    if protocol is not None:
        return ((number, "UDP" if protocol == "udp" else "TCP"),)
    return tuple(one for one in ports if one[0] == number) or ((number, "TCP"),)

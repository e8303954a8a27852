"""Ports and probes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from svc.diagnostics import Route, Severity
from svc.model.health import Health as GivenHealth
from svc.model.health import HttpProbe as GivenHttpProbe
from svc.model.health import Probe as GivenProbe
from svc.model.process import Port as GivenPort
from svc.records import replace
from svc.resolve.context import Context
from svc.resolve.references import Scope, hook_words
from svc.resolve.types.process import Health, HttpStop, Port, Probe, Protocol_
from svc.suggest import nearest

_BY_NAME: dict[str, Protocol_] = {
    "grpc": "grpc",
    "https": "https",
    **dict.fromkeys(("http", "metrics", "web", "admin", "api", "app", "main", "public", "rest", "site", "ui", "www"), "http"),
}  # fmt: skip
_TCP = ("tcp", "postgres", "mysql", "redis", "amqp", "mongo", "kafka", "smtp", "ssh", "sql", "db")
_UDP = ("udp", "dns", "statsd", "syslog")
_HTTP: tuple[Protocol_, ...] = ("http", "https")
_RANK: tuple[Protocol_, ...] = ("http", "https", "grpc", "tcp", "udp")
_ASIDE = frozenset(
    (
        *("admin", "debug", "health", "healthcheck", "healthz", "live", "liveness", "management"),
        *("metrics", "monitoring", "pprof", "probe", "probes", "prometheus", "readiness", "ready"),
    )
)
"""Words in the names of ports that are not what a service is there for."""


def ports(context: Context, given: Mapping[str, GivenPort], at: Route) -> tuple[Port, ...]:
    """The ports of a process, the main one first, whatever the order they are written in (decision 0140).

    Protocols are filled in; two names for one port are an error.
    """
    spoken = protocols({name: (port.port, port.protocol) for name, port in given.items()})
    found = [_port_of(name, port, spoken[name], (*at, "ports", name)) for name, port in given.items()]
    found.sort(key=lambda one: main_first(one.name, one.number, one.protocol))
    for index, one in enumerate(found):
        for other in found[:index]:
            _twice(context, one, other)
    return tuple(found)


def _port_of(name: str, port: GivenPort, protocol: Protocol_, at: Route) -> Port:
    return Port(name, port.port, port.service or port.port, protocol, port.node_port, port.app_protocol or "", at)


def _twice(context: Context, one: Port, other: Port) -> None:
    if (other.number, other.transport) == (one.number, one.transport):
        context.report(
            "port-named-twice",
            one.at,
            f"port {one.number} has two names, `{other.name}` and `{one.name}`: keep one",
            related=(("the other name", other.at),),
        )
    elif (other.service, other.transport) == (one.service, one.transport):
        context.report(
            "service-port-twice",
            one.at,
            f"`{other.name}` and `{one.name}` have the same service port {one.service}",
            related=(("the other", other.at),),
        )


def main_first(name: str, number: int, protocol: Protocol_) -> tuple[bool, int, bool, int, str]:
    """The order of ports: what is aside last, then by protocol, the port called like it, the lowest number."""
    return aside(name), _RANK.index(protocol), name != protocol, number, name


def protocols(given: Mapping[str, tuple[int, Protocol_ | None]]) -> dict[str, Protocol_]:
    """What is spoken on each port: as given, by its name, else http where no other name tells more, and tcp."""
    known = {name: protocol or by_name(name) for name, (_, protocol) in given.items()}
    silent = [(given[name][0], name) for name, protocol in known.items() if protocol is None and not aside(name)]
    if silent and not any(protocol and not aside(name) for name, protocol in known.items()):
        known[min(silent)[1]] = "http"
    return {name: protocol or "tcp" for name, protocol in known.items()}


def by_name(name: str) -> Protocol_ | None:
    """The protocol that a port's name tells."""
    for start, protocol in _BY_NAME.items():
        if name == start or name.startswith(start + "-") or name.endswith("-" + start):
            return protocol
    if any(part in name for part in _UDP):
        return "udp"
    return "tcp" if any(part in name for part in _TCP) else None


def aside(name: str) -> bool:
    return not _ASIDE.isdisjoint(name.split("-"))


def first_http(available: tuple[Port, ...]) -> Port | None:
    return next((port for port in available if port.protocol in _HTTP), None)


Role = Literal["ready", "live", "startup"]


def health(context: Context, given: GivenHealth | None, scope: Scope, at: Route, *, slow: bool) -> Health:
    """Readiness, liveness and startup; one endpoint serves the first two unless they are given on their own. `slow`: what
    liveness asks is asked at the start, too, so that a process is not ended before it is there."""
    if given is None:
        return Health(at=at)
    base = given if given.asks else None
    made: dict[str, Probe | None] = {}
    roles: tuple[Role, ...] = ("ready", "live", "startup")
    for role in roles:
        own = getattr(given, role)
        if own is False or (own is None and (base is None or role == "startup")):
            made[role] = None
            continue
        probe = own if isinstance(own, GivenProbe) else None
        route = (*at, role) if probe is not None else at
        made[role] = _probe(context, probe, given, role, scope, route)
    live = made["live"]
    if slow and given.startup is None and live is not None and live.initial_delay == 0:
        made["startup"] = replace(live, failure=max(-(-_STARTING_FOR // max(1, live.period)), live.failure))
    return Health(made["ready"], live, made["startup"], at)


def _probe(
    context: Context, own: GivenProbe | None, base: GivenHealth, role: Role, scope: Scope, at: Route
) -> Probe | None:
    asked = own if own is not None and own.asks else base
    timing = {
        name: _timing(own, base, name, role) for name in ("initial_delay", "period", "timeout", "failures", "successes")
    }
    none = [name for name in ("period", "timeout") if timing[name] == 0]
    for name in none:
        none_at = (*at, name) if own is None or getattr(own, name) is not None else (*at[:-1], name)
        context.report(
            "probe-timing-zero",
            none_at,
            f"a {name} of 0s is none, so Kubernetes takes its own",
            help="write 1s or more",
        )
    if not none and timing["timeout"] > timing["period"]:
        wide = f"{_whose(own, role)}'s timeout of {timing['timeout']}s is longer than its period of {timing['period']}s: a new question starts before the last is answered"
        context.report(
            "probe-timeout-exceeds-period",
            (*at, "timeout"),
            wide,
            help=f"write period: {timing['timeout']}s or a timeout of at most {timing['period']}s",
        )
    if role != "ready" and timing["successes"] != 1:
        context.report(
            "probe-successes",
            (*at, "successes"),
            f"successes of the {role} probe must be 1 (Kubernetes refuses others)",
        )
    here = at if asked is own else at[: len(at) - 1] if own is not None else at
    return _asked(context, asked, asked.asks[0], scope, (at, here), timing)


_STARTING = 30
"""Failures of a startup probe that count."""
_STARTING_FOR = 300
"""Seconds that what starts slowly has for it, however often it is asked."""
_DEFAULTS = {"initial_delay": 0, "period": 10, "timeout": 1, "failures": 3, "successes": 1}


def _timing(own: GivenProbe | None, base: GivenHealth, name: str, role: Role) -> int:
    value = getattr(own, name) if own is not None else None
    if value is None:
        value = getattr(base, name)
    if value is None:
        if name == "period" and role == "ready":
            timeout = (own.timeout if own is not None else None) or base.timeout or 1
            return max(5, int(timeout))
        if name == "failures" and role == "startup":
            return _STARTING
        value = max(10, _timing(own, base, "timeout", role)) if name == "period" else _DEFAULTS[name]
    return int(value)


def _whose(own: GivenProbe | None, role: Role) -> str:
    """One endpoint for several roles has one fault."""
    return "the probe" if own is None else f"the {role} probe"


def _asked(
    context: Context, asked: GivenProbe, kind: str, scope: Scope, places: tuple[Route, Route], timing: dict[str, int]
) -> Probe | None:
    """`places`: of the probe, and of the mapping that says what is asked."""
    at, here = places
    base = Probe(
        "exec",
        command=hook_words(context, asked.exec or (), scope, (*here, "exec")),
        initial_delay=timing["initial_delay"],
        period=timing["period"],
        timeout=timing["timeout"],
        success=timing["successes"],
        failure=timing["failures"],
        at=at,
    )
    if kind == "exec":
        if not asked.exec:
            context.report(
                "probe-command-empty",
                (*here, "exec"),
                "an empty command asks nothing",
                help="write for example `exec: [pg_isready]`",
            )
        return base
    question = getattr(asked, kind)
    port = _port(context, question.port, scope.ports, (*here, kind))
    if port is None:
        return None
    number, name, protocol = port
    _answers(context, kind, port, (*here, kind), scope.ports)
    if kind == "http":
        secure = (question.scheme or protocol) == "https"
        headers = tuple(question.headers.items())
        scheme: Literal["HTTP", "HTTPS"] = "HTTPS" if secure else "HTTP"
        return replace(
            base, kind="http", port=number, port_name=name, path=question.path, scheme=scheme, headers=headers
        )
    if kind == "grpc":
        return replace(base, kind="grpc", port=number, port_name=name, grpc_service=question.service or "")
    return replace(base, kind="tcp", port=number, port_name=name)


def _answers(context: Context, kind: str, port: tuple[int, str, str], at: Route, available: tuple[Port, ...]) -> None:
    """Whether the port can answer what is asked of it."""
    number, name, protocol = port
    others = [one.name for one in available if one.protocol != "udp"]
    if protocol == "udp" and not any(one.number == number and one.protocol != "udp" for one in available):
        context.report(
            "probe-port-udp",
            at,
            f"the probe asks port `{name}` by {'TCP' if kind == 'tcp' else kind}, and it is one of UDP, which answers none of these",
            help=f"ask a port of TCP (there is {', '.join(others) or 'none'}), or a command: `exec: [...]`",
        )
    if kind == "http" and protocol == "grpc":
        context.report(
            "probe-port-grpc",
            at,
            f"the probe sends a GET of HTTP/1.1 to port `{name}`, which speaks gRPC",
            help=f"write `grpc: {name}`, or `protocol: http` at the port if it answers both",
            severity=Severity.WARNING,
        )


def stop_request(context: Context, asked: GivenHttpProbe, available: tuple[Port, ...], at: Route) -> HttpStop | None:
    """The request before SIGTERM; a header in it has no meaning yet and is refused."""
    if asked.headers:
        context.report("pre-stop-headers", (*at, "headers"), "a request before SIGTERM has no headers", anchor="key")
    found = _port(context, asked.port, available, at)
    if found is None:
        return None
    number, name, protocol = found
    return HttpStop(asked.path, number, name, "HTTPS" if (asked.scheme or protocol) == "https" else "HTTP")


def _port(
    context: Context, wanted: str | int | None, available: tuple[Port, ...], at: Route
) -> tuple[int, str, str] | None:
    if wanted is None:
        found = first_http(available) or (available[0] if len(available) == 1 else None)
        if found is None:
            context.report(
                "probe-port-unknown",
                at,
                "the probe has no port and the service no HTTP port: add `port:`, or a port under `ports`",
            )
            return None
        return found.number, found.name, found.protocol
    if isinstance(wanted, int):
        declared = next((port for port in available if port.number == wanted), None)
        return wanted, declared.name if declared else "", declared.protocol if declared else ""
    declared = next((port for port in available if port.name == wanted), None)
    if declared is None:
        known = [port.name for port in available]
        listing = ", ".join(known) or "none"
        context.report(
            "probe-port-unknown",
            at,
            f"the probe's port `{wanted}` is not declared; declared are {listing}{nearest(wanted, known)}",
        )
        return None
    return declared.number, declared.name, declared.protocol

"""What a reference to another service or to a need stands for."""

from __future__ import annotations

from svc.diagnostics import Route, Severity
from svc.patterns import regex
from svc.resolve.context import Context, Neighbour
from svc.resolve.types.needs import Need
from svc.resolve.types.process import EnvValue, Literal_, Port, SecretKey
from svc.resolve.unit import LOCAL
from svc.suggest import nearest

_PARTS = ("", "host", "port", "url")
"""Of a service's port: nothing is `host:port`."""
_PART = regex(r"\$\{needs\.[^.}]+\.(\w+)\}")


def service(context: Context, rest: str, at: Route, written: str) -> EnvValue | None:
    """`written`: the whole reference, as it stands in the spec."""
    name, _, tail = rest.partition(".")
    neighbour = _neighbour(context, name, at, written)
    if neighbour is None:
        return None
    if neighbour.broken or neighbour.at(context.environment).broken:
        _broken(context, neighbour, at, written)
        return Literal_("unknown")
    context.calls.setdefault((name, _waits(context, at)), at)
    host = _host(context, neighbour)
    _elsewhere(context, neighbour, at, written)
    if tail == "host":
        _unanswered(context, neighbour, at, written)
        return Literal_(host)
    port_name, _, part = tail.partition(".")
    port = _port(context, neighbour, port_name, at, written)
    if port is None:
        return None
    if part not in _PARTS:
        known = [one for one in _PARTS if one]
        message = f"`{name}.{port_name}` has no part `{part}`; it has {', '.join(known)}{nearest(part, known)}"
        context.report("reference-unknown", at, message, words=written)
        return None
    if not context.local and port.name in neighbour.at(context.environment).closed:
        _closed(context, neighbour, port, at, written)
        return None
    context.referenced.setdefault((name, port.number), at)
    number = port.number if context.local else port.service
    scheme = "https" if port.protocol == "https" else "http"
    forms = {"": f"{host}:{number}", "host": host, "port": str(number), "url": f"{scheme}://{host}:{number}"}
    return Literal_(forms[part])


def _broken(context: Context, neighbour: Neighbour, at: Route, written: str) -> None:
    name, broken = neighbour.name, neighbour.broken or neighbour.at(context.environment).broken
    if broken == "unsaid":
        message = f"the spec of `{name}` is wrong, so its ports are not known"
        advice = "compile it as well, which says what is wrong there"
        context.report("reference-unknown", at, message, help=advice, words=written)
    if broken == "apart":
        message = f"`{name}` is no member of the workspace, so it is known only to a run that names its spec too"
        advice = "add its spec to `services` of the workspace"
        context.report("reference-unknown", at, message, help=advice, words=written)


def _elsewhere(context: Context, neighbour: Neighbour, at: Route, written: str) -> None:
    """A service that is not made for this environment, which only workspaces without environments can have."""
    if context.local or context.environment in neighbour.there:
        return
    made = ", ".join(name for name in neighbour.there if name != LOCAL)
    message = (
        f"`{neighbour.name}` is not made for {context.environment}, where this refers to it; it is made for {made}"
    )
    help_ = "name the environments in svc-workspace.yaml: all services are made for those"
    context.report("reference-elsewhere", at, message, help=help_, severity=Severity.WARNING, words=written)


def _unanswered(context: Context, neighbour: Neighbour, at: Route, written: str) -> None:
    if context.local or neighbour.at(context.environment).served:
        return
    others = any(one.served for name, one in neighbour.there.items() if name != LOCAL)
    where = f" in {context.environment}" if others else ""
    message = f"`{neighbour.name}` has no Service{where}: nothing answers to its name"
    help_ = f"a service has one when it has `ports`; give `{neighbour.name}` one{where}, or leave this out{' there' if where else ''}"
    context.report("reference-unanswered", at, message, help=help_, severity=Severity.WARNING, words=written)


def _neighbour(context: Context, name: str, at: Route, written: str) -> Neighbour | None:
    found = context.own if name == context.service.name else context.neighbours.get(name)
    if found is None:
        known = sorted(context.neighbours)
        context.report(
            "reference-unknown",
            at,
            f"there is no service `{name}`; known are {', '.join(known) or 'none'}{nearest(name, known)}",
            help="the other spec must be in the workspace; an address outside it is written as plain text",
            words=written,
        )
    return found


def _port(context: Context, neighbour: Neighbour, name: str, at: Route, written: str) -> Port | None:
    there = neighbour.at(context.environment).ports
    found = next((port for port in there if port.name == name), None)
    if found is not None:
        return found
    known = [one.name for one in there]
    listing, here = ", ".join(known) or "none", context.environment
    others = [key for key, one in neighbour.there.items() if key != LOCAL and name in {port.name for port in one.ports}]
    if others:
        message = f"`{neighbour.name}` has no port `{name}` in {here}; it has {listing} there"
        help_ = f"it has one in {', '.join(others)}: write what refers to it below `environments`, or give `{neighbour.name}` the port in {here} too"
        context.report("reference-unknown", at, message, help=help_, words=written)
        return None
    message = f"`{neighbour.name}` has no port `{name}`; it has {listing}{nearest(name, known)}"
    context.report("reference-unknown", at, message, words=written)
    return None


def _closed(context: Context, neighbour: Neighbour, port: Port, at: Route, written: str) -> None:
    there = neighbour.at(context.environment)
    opened = [one.name for one in there.ports if one.name not in there.closed]
    message = f"the Service of `{neighbour.name}` is open to the world, and does not open `{port.name}`; it has {', '.join(opened) or 'none'} open"
    help_ = (
        f"if the world may reach it too, write its Service port in the spec of `{neighbour.name}`, `{asked_for(port)}`"
    )
    context.report("reference-closed", at, message, help=help_, words=written)


def asked_for(port: Port) -> str:
    """The port as the spec says it so that its Service has it, whatever the Service's type."""
    return f"{port.name}: {{port: {port.number}, service: {port.service}}}"


def _waits(context: Context, at: Route) -> bool:
    """Whether what stands there runs before the service does."""
    job = context.service.jobs.get(str(at[1])) if at[:1] == ("jobs",) else None
    return at[:1] == ("init",) or (job is not None and job.run == "before-deploy")


def _host(context: Context, neighbour: Neighbour) -> str:
    namespace = neighbour.at(context.environment).namespace
    return neighbour.name if context.local or namespace in {"", context.namespace} else f"{neighbour.name}.{namespace}"


def need(context: Context, rest: str, at: Route, written: str) -> EnvValue | str | None:
    name, _, output = rest.partition(".")
    need = context.needs.get(name)
    if need is None:
        known = sorted(context.needs)
        context.report(
            "reference-unknown",
            at,
            f"there is no need `{name}`; declared are {', '.join(known) or 'none'}{nearest(name, known)}",
            words=written,
        )
        return None
    value = need.outputs.get(output)
    if value is None:
        known = list(need.outputs)
        context.report(
            "reference-unknown",
            at,
            f"a {need.type} has no output `{output}`; it has {', '.join(known)}{nearest(output, known)}"
            if output
            else f"{written} says no output of the need; a {need.type} has {', '.join(known)}",
            words=written,
        )
        return None
    if _nowhere(context, need, value):
        there = ", ".join(key for key in need.outputs if not _nowhere(context, need, need.outputs[key]))
        context.report(
            "need-output-nowhere",
            at,
            f"`{name}` is an existing {need.type} without `secret`: its {output} is nowhere; without one it has {there or 'nothing'}",
            help=f"write `secret: <a Kubernetes Secret with the connection>` under needs.{name}",
            related=(("the need", need.at),),
            words=written,
        )
        return None
    if isinstance(value, Literal_) and "${" in value.text:
        return value.text
    return value


def _nowhere(context: Context, need: Need, value: EnvValue) -> bool:
    """Whether a value is in a Secret that nobody makes: the need exists already, and its Secret is not named."""
    if context.local or need.realise != "existing" or context.service.needs[need.name].secret is not None:
        return False
    if isinstance(value, Literal_):
        return any(isinstance(need.outputs.get(part), SecretKey) for part in _PART.findall(value.text))
    return isinstance(value, SecretKey)

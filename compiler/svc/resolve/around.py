"""Around the workloads: exposure, metrics, the account."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.model.cluster import Account as GivenAccount
from svc.resolve import names
from svc.resolve.context import Context
from svc.resolve.opened import first_exposed
from svc.resolve.ports import first_http
from svc.resolve.types.around import Account, Expose, ExposePath, Metrics, Rule
from svc.resolve.types.delivery import Cloud
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Port
from svc.suggest import nearest

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"


def expose(context: Context, ports: tuple[Port, ...]) -> Expose | None:
    given = context.service.expose
    if given is None or context.local:
        return None
    at: Route = ("expose",)
    default = _expose_port(context, given.port, ports, at)
    if default is None:
        return None
    paths: list[ExposePath] = []
    for index, path in enumerate(given.paths):
        here = (*at, "paths", index)
        port = default if path.port is None else _expose_port(context, path.port, ports, here)
        if port is not None:
            paths.append(ExposePath(path.path, path.type, port, here))
    if not paths:
        paths.append(ExposePath(given.path or "/", "Prefix", default, at))
    hosts = tuple(given.hosts) or ((given.host,) if given.host is not None else ())
    return Expose(
        via=given.via,
        hosts=hosts,
        paths=tuple(paths),
        tls=given.tls,
        tls_secret=given.tls_secret or f"{context.service.name}-tls",
        allow=tuple(given.allow),
        class_name=given.class_name or context.workspace.ingress_class,
        gateway=given.gateway or "",
        annotations=tuple(sorted(given.annotations.items())),
        at=at,
    )


def _expose_port(context: Context, wanted: str | None, ports: tuple[Port, ...], at: Route) -> Port | None:
    if wanted is not None:
        found = next((port for port in ports if port.name == wanted), None)
        if found is None:
            known = [port.name for port in ports]
            context.report(
                "expose-port-unknown",
                (*at, "port"),
                f"there is no port `{wanted}`; declared are {', '.join(known) or 'none'}{nearest(wanted, known)}",
            )
        return found
    found = first_exposed(ports)
    if found is None:
        context.report(
            "expose-port-unknown",
            at,
            "there is no HTTP or gRPC port to expose: declare one under `ports`, or name one with `port`",
            anchor="key",
        )
    return found


def metrics(context: Context, ports: tuple[Port, ...]) -> Metrics | None:
    observe = context.service.observe
    if observe is None or observe.metrics is None:
        return None
    given, at = observe.metrics, ("observe", "metrics")
    wanted = given.port
    found = next((port for port in ports if port.name == (wanted or "metrics")), None) or (
        None if wanted else first_http(ports)
    )
    if found is None:
        known = [port.name for port in ports]
        context.report(
            "metrics-port-unknown",
            (*at, "port"),
            f"there is no port `{wanted or 'metrics'}`; declared are {', '.join(known) or 'none'}{nearest(wanted or '', known)}",
        )
        return None
    return Metrics(found, given.path, f"{given.interval}s", at)


def needs_identity(context: Context, needs: tuple[Need, ...]) -> bool:
    """Whether the pods call the cloud's API themselves."""
    permitted = context.service.cloud is not None and bool(context.service.cloud.permissions)
    return permitted or any(need.type in {"queue", "topic", "bucket"} and need.realise == "managed" for need in needs)


def account(context: Context, needs: tuple[Need, ...], cloud_: Cloud) -> Account:
    given = context.service.account if context.service.account is not None else GivenAccount()
    annotations = dict(given.annotations)
    if cloud_.provider == "aws" and cloud_.account and needs_identity(context, needs):
        annotations.setdefault(
            ROLE_ANNOTATION, names.workload_role_arn(cloud_.account, context.service.name, context.environment)
        )
    rules = tuple(
        Rule(tuple(one.groups), tuple(one.resources), tuple(one.verbs), tuple(one.names), ("account", "rules", index))
        for index, one in enumerate(given.rules)
    )
    return Account(
        given.name or context.service.name,
        given.create,
        given.token or bool(rules),
        tuple(sorted(annotations.items())),
        rules,
        ("account",),
    )

"""One environment of a service in full: every part is resolved, in the order in which one needs another."""

from __future__ import annotations

from typing import Any

from svc.model.service import Service
from svc.resolve import access, around, build, delivery, names, needs, workloads
from svc.resolve.architecture import report_architecture
from svc.resolve.context import Context
from svc.resolve.effect import report_idle
from svc.resolve.manifests import manifests
from svc.resolve.opened import behind
from svc.resolve.started import report_started
from svc.resolve.taken import report_taken
from svc.resolve.types.around import Expose, Metrics, SecretObject
from svc.resolve.types.process import Port
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.resolve.volumes import Storage, config_objects, secret_entries


def whole(context: Context) -> Resolved:
    service = context.service
    found = needs.needs(context)
    context.needs.update({need.name: need for need in found})
    server, worked, ended, stored = _running(context)
    report_idle(context, server)
    report_taken(context)
    report_started(context)
    report_architecture(context)
    scraped, exposed = _reached(context, server)
    cloud = delivery.cloud(context)
    return Resolved(
        name=service.name,
        environment=context.environment,
        namespace=context.namespace,
        team=service.team,
        description=service.description,
        labels=tuple(sorted(service.labels.items())),
        annotations=(),
        version=context.image.tag or "0.0.0",
        image=context.image,
        build=build.build(context),
        server=server,
        workers=worked,
        jobs=ended,
        needs=found,
        configs=config_objects(context, stored),
        secrets=(*_own_secret(context), *needs.need_secrets(context, found)),
        account=around.account(context, found, cloud),
        expose=exposed,
        access=access.access(context, server, exposed, scraped),
        metrics=scraped,
        ci=delivery.ci(context),
        cloud=cloud,
        patches=delivery.patches(context),
        manifests=manifests(context),
        own=tuple(sorted(service.own)),
        pull_secrets=tuple(dict.fromkeys(service.pull_secrets)),
        calls=access.calls(context),
    )


def _running(context: Context) -> tuple[Workload | None, tuple[Workload, ...], tuple[Workload, ...], list[Storage]]:
    """The server, workers and jobs, and what is stored for all of them."""
    server, server_stored = workloads.server(context)
    worked, worker_stored = workloads.workers(context)
    ended, job_stored = workloads.jobs(context)
    return server, worked, ended, [*server_stored, *worker_stored, *job_stored]


def _reached(context: Context, server: Workload | None) -> tuple[Metrics | None, Expose | None]:
    """What scrapes the service, and how it is reached from outside."""
    opened = server.service.ports if server is not None and server.service is not None else ()
    return around.metrics(context, _ports(context.service, server, opened)), around.expose(context, opened)


def _ports(service: Service, server: Workload | None, opened: tuple[Port, ...]) -> tuple[Port, ...]:
    """The ports of the server's Service, and those that it could have and leaves out."""
    if server is None:
        return opened
    every = behind(service, server.main.ports, [one.ports for one in server.sidecars])
    return (*opened, *(port for port in every if port not in opened))


def _own_secret(context: Context) -> tuple[SecretObject, ...]:
    service = context.service
    parts: list[tuple[Any, tuple[str | int, ...]]] = [(service, ())]
    for key in ("init", "sidecars", "workers", "jobs"):
        parts += [(part, (key, name)) for name, part in getattr(service, key).items()]
    entries = secret_entries(context, parts)
    if not entries:
        return ()
    store = context.workspace.secret_store
    return (
        SecretObject(names.secrets_object(service.name), store.name, store.kind, store.refresh, entries, ("secrets",)),
    )

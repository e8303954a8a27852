"""Keys that say nothing where they stand: a file must not promise what no target does with it.

What contradicts its neighbour in one place is an error. What another layer may have set for good reason, such as the
delivery settings of a workspace over a service that has none, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Route, Severity
from svc.model.base import Part
from svc.model.health import Health, Probe
from svc.model.mapped import fields_of, written
from svc.model.process import Port
from svc.model.rollout import Rollout
from svc.model.scale import Scale
from svc.records import dataclass
from svc.resolve import names
from svc.resolve.context import Context
from svc.resolve.types.workloads import Workload

_RATES = ("scale_up_window", "scale_down_window", "scale_up", "scale_down")
_OF_KEDA = ("polling_interval", "cooldown", "idle_replicas", "fallback")
_SELECTING = (names.NAME_LABEL, names.HELM_INSTANCE_LABEL, names.COMPONENT_LABEL)
_AMAZON_ONLY = ("queue", "topic", "bucket")


@dataclass(frozen=True, slots=True)
class Idle:
    """A key without effect, and why."""

    route: Route
    reason: str
    severity: Severity = Severity.ERROR


def report_idle(context: Context, server: Workload | None) -> None:
    """Report every key of the service that has no effect."""
    found = (
        *_labels(context),
        *_server(context, server),
        *_health(context),
        *_volumes(context),
        *_scales(context),
        *_needs(context),
        *_expose(context),
        *_node_ports(context),
        *_without_service(context, server),
        *_headless(context),
        *_peers(context),
        *_jobs(context),
        *_providers(context),
        *_build(context),
    )
    for one in found:
        shared = _of_all(context, one.route)
        context.report(
            "no-effect",
            one.route,
            f"`{one.route[-1]}` has no effect{f' in `{context.service.name}`' if shared else ''}: {one.reason}",
            help="" if shared else f"remove `{one.route[-1]}`",
            anchor="key",
            severity=Severity.INFO if shared else one.severity,
        )


def _of_all(context: Context, route: Route) -> bool:
    """Whether it is said for all services, of which others do something with it."""
    known = (context.origins.get(route[:length]) for length in range(len(route), 0, -1))
    found = next((one for one in known if one is not None), None)
    return found is not None and found.layer.startswith("workspace")


def _given(part: Part | None, at: Route, *names: str) -> Iterator[Route]:
    """The routes of those keys of a part that are written and not null; of all its keys when none are named."""
    if part is None:
        return
    for name in names or tuple(fields_of(type(part))):
        if name in written(part) and getattr(part, name) not in (None, [], {}):
            yield (*at, name)


def _idle(routes: Iterator[Route], reason: str, severity: Severity = Severity.ERROR) -> Iterator[Idle]:
    for route in routes:
        yield Idle(route, reason, severity)


def _server(context: Context, server: Workload | None) -> Iterator[Idle]:
    service = context.service
    if server is None:
        reason = "with `workload: none` there are only jobs and workers"
        yield from _idle(_given(service, (), "scale", "service"), reason, Severity.WARNING)
        kept = {"grace"}
        rest = tuple(name for name in fields_of(Rollout) if name not in kept)
        yield from _idle(_given(service.rollout, ("rollout",), *rest), reason, Severity.WARNING)
        if not service.workers:
            spread = ("spread", "apart_from", "near", "priority_class")
            reason = "it is for processes that keep running, and here are only jobs"
            yield from _idle(_given(service.placement, ("placement",), *spread), reason, Severity.WARNING)
        return
    if server.service is None:
        yield from _idle(
            _given(service, (), "service"), "there is no Service without `ports`", severity=Severity.WARNING
        )
    if server.kind == "StatefulSet":
        reason = "a StatefulSet replaces its replicas one by one, the last one first"
        yield from _idle(_given(service.rollout, ("rollout",), "max_surge", "max_unavailable"), reason)


def _labels(context: Context) -> Iterator[Idle]:
    for key, value in context.service.labels.items():
        same = value == context.service.name and key != names.COMPONENT_LABEL
        if key in _SELECTING and not same:
            yield Idle(("labels", key), "pods are told apart by it, so that svc gives it its value")


def _volumes(context: Context) -> Iterator[Idle]:
    for path, volume in context.service.volumes.items():
        at = ("volumes", path)
        if volume.claim is not None:
            keys = ("size", "keep", "storage_class", "annotations")
            yield from _idle(_given(volume, at, *keys), f"the claim `{volume.claim}` is made elsewhere")
        elif volume.scratch is not None:
            reason = "a scratch volume ends with its pod and has no claim"
            yield from _idle(_given(volume, at, "keep", "annotations"), reason)


def _health(context: Context) -> Iterator[Idle]:
    """The endpoint that readiness and liveness share, when each has its own."""
    service = context.service
    found: list[tuple[Health | None, Route]] = [(service.health, ("health",))]
    found += [(one.health, ("workers", name, "health")) for name, one in service.workers.items()]
    found += [(one.health, ("sidecars", name, "health")) for name, one in service.sidecars.items()]
    for health, at in found:
        if health is None or not health.asks or None in (health.ready, health.live):
            continue
        roles = (health.ready, health.live, health.startup)
        if any(role is True or (isinstance(role, Probe) and not role.asks) for role in roles):
            continue  # one that is on, or has timings alone, asks what is shared
        yield from _idle(
            _given(health, at, *health.asks), "`ready` and `live` are given on their own", Severity.WARNING
        )


def _scales(context: Context) -> Iterator[Idle]:
    service = context.service
    scales: list[tuple[Scale | None, Route]] = [(service.scale, ("scale",))]
    scales += [(worker.scale, ("workers", name, "scale")) for name, worker in service.workers.items()]
    for scale, at in scales:
        if scale is not None and scale.max is None:
            reason = "without `max` the number of replicas is fixed"
            yield from _idle(_given(scale, at, *_RATES), reason)
        if scale is not None and not scale.triggers:
            reason = "it is for KEDA, which scales by `triggers`"
            yield from _idle(_given(scale, at, *_OF_KEDA), reason, Severity.INFO)


def _needs(context: Context) -> Iterator[Idle]:
    for name, given in context.service.needs.items():
        at: Route = ("needs", name)
        if given.type in _AMAZON_ONLY:
            reason = f"a {given.type} has no size, version or zone of its own"
            yield from _idle(_given(given, at, "version", "size", "storage", "multi_zone"), reason)
        if given.type not in ("queue", "topic"):
            yield from _idle(_given(given, at, "fifo"), f"only a queue or a topic keeps an order, not a {given.type}")
        realised = context.needs.get(name)
        if realised is not None and realised.realise == "in-cluster":
            reason = "the service in the cluster is made by us, with one replica and a secret of its own"
            yield from _idle(_given(given, at, "multi_zone", "keys", "host"), reason, Severity.INFO)
        elif realised is not None and realised.realise == "existing":
            reason = "the service is there already, and as large as it is"
            yield from _idle(_given(given, at, "size", "storage", "multi_zone"), reason, Severity.INFO)
        elif realised is not None and realised.realise == "managed":
            yield from _idle(_given(given, at, "host"), "Terraform makes it and knows its address", Severity.INFO)
            if given.type not in ("redis", "rabbitmq"):
                continue
            reason = f"the cloud's {given.type} is sized by `size` alone"
            yield from _idle(_given(given, at, "storage"), reason, Severity.INFO)


def _expose(context: Context) -> Iterator[Idle]:
    expose, at = context.service.expose, ("expose",)
    if expose is None:
        return
    if expose.via != "gateway":
        reason = f"only `via: gateway` has a Gateway, and this is `via: {expose.via}`"
        yield from _idle(_given(expose, at, "gateway"), reason, Severity.WARNING)
    if expose.via != "ingress":
        reason = f"only an Ingress has a class, and this is `via: {expose.via}`"
        yield from _idle(_given(expose, at, "class_name"), reason, Severity.WARNING)
    if expose.via == "gateway":
        reason = "the Gateway holds the certificate"
        yield from _idle(_given(expose, at, "tls_secret"), reason, Severity.WARNING)
    elif not expose.tls:
        yield from _idle(_given(expose, at, "tls_secret"), "`tls` is false", Severity.WARNING)


def _headless(context: Context) -> Iterator[Idle]:
    """A Service without an address of its own forwards nothing: clients speak to the pods."""
    options = context.service.service
    if options is None or not options.headless:
        return
    if options.type != "ClusterIP":
        yield Idle(("service", "headless"), f"a Service of the type {options.type} has an address")
    elif options.session_affinity != "None":
        yield Idle(
            ("service", "session_affinity"), "a headless Service has no address that could keep clients with a pod"
        )
    for at, port in _of_service(context):
        if port.service not in (None, port.port):
            yield Idle((*at, "service"), f"a headless Service forwards nothing: clients reach port {port.port}")


def _peers(context: Context) -> Iterator[Idle]:
    access = context.service.access
    for key, peers in (("from", access.from_), ("to", access.to)) if access is not None else ():
        for index, peer in enumerate(peers or ()):
            if not peer.ports:
                yield from _idle(_given(peer, ("access", key, index), "protocol"), "it says how `ports` are reached")


def _of_service(context: Context) -> Iterator[tuple[Route, Port]]:
    """The ports that a Service could have, of the main process and of sidecars."""
    yield from ((("ports", name), port) for name, port in context.service.ports.items())
    for beside, one in context.service.sidecars.items():
        yield from ((("sidecars", beside, "ports", name), port) for name, port in one.ports.items())


def _node_ports(context: Context) -> Iterator[Idle]:
    """A Service inside the cluster alone has none, and Kubernetes refuses one that says so."""
    options = context.service.service
    if (options.type if options is not None else "ClusterIP") == "ClusterIP":
        for at, port in _of_service(context):
            reason = "it needs `service: {type: NodePort}` or LoadBalancer"
            yield from _idle(_given(port, at, "node_port"), reason)


def _without_service(context: Context, server: Workload | None) -> Iterator[Idle]:
    """What a Service would have of a port, where it has not the port."""
    service = context.service
    for key, parts in (("init", service.init), ("workers", service.workers), ("jobs", service.jobs)):
        for name, part in parts.items():
            for port_name, port in part.ports.items():
                keys = _given(port, (key, name, "ports", port_name), "service", "node_port", "app_protocol")
                reason = "there is no Service before it: only the service itself and its sidecars have one"
                yield from _idle(keys, reason, Severity.WARNING)
    made = server.service.ports if server is not None and server.service is not None else ()
    opened = {port.at for port in made}
    for at, port in _of_service(context):
        if at[0] == "sidecars" and at not in opened:
            reason = f"the Service does not have the port `{at[-1]}` of a sidecar unless it says `service`, too"
            yield from _idle(_given(port, at, "app_protocol"), reason, Severity.WARNING)


def _jobs(context: Context) -> Iterator[Idle]:
    for name, job in context.service.jobs.items():
        at: Route = ("jobs", name)
        if job.schedule is None and job.run != "manual":
            keys = ("timezone", "concurrency", "history", "start_deadline")
            yield from _idle(_given(job, at, *keys), "the job has no schedule")
        if job.restart == "on-failure":
            reason = "with `restart: on-failure` the pod itself is tried again, whatever its exit code"
            yield from _idle(_given(job, at, "give_up_on", "ignore_disruptions"), reason)
        if job.schedule is not None or job.run == "manual":
            reason = "of runs that a CronJob started, `history` says how many are kept"
            yield from _idle(_given(job, at, "keep_finished"), reason, Severity.WARNING)


def _providers(context: Context) -> Iterator[Idle]:
    ci, cloud, account = context.service.ci, context.service.cloud, context.service.account
    if account is not None and not account.create:
        reason = "with `create: false` the account is made elsewhere, and its annotations stand there"
        yield from _idle(_given(account, ("account",), "annotations"), reason, Severity.WARNING)
    if ci is not None and ci.provider == "none":
        keys = ("branch", "test", "paths", "runner", "scan", "reusable_workflow")
        yield from _idle(_given(ci, ("ci",), *keys), "with `provider: none` there is no workflow", Severity.WARNING)
    if cloud is not None and cloud.provider == "none":
        settings = ("region", "account", "cluster", "state_bucket", "dns_zone", "alarm_topic", "permissions")
        reason = "with `provider: none` there is no Terraform"
        yield from _idle(_given(cloud, ("cloud",), *settings), reason, Severity.WARNING)


def _build(context: Context) -> Iterator[Idle]:
    """Keys of one language alone. Beside an own Dockerfile all of them are reported elsewhere."""
    build = context.service.build
    if build is None or build.language is None:
        return
    of = {"extensions": ("php",), "module": ("java", "kotlin", "node")}
    for name, languages in of.items():
        if build.language == "node" and name == "module" and build.main != "next":
            reason = "what `main` names says where it lies; `module` is for `main: next`"
            yield from (Idle(route, reason) for route in _given(build, ("build",), name))
        elif build.language not in languages:
            reason = f"it is for {', '.join(languages[:-1])}{' and ' * (len(languages) > 1)}{languages[-1]} alone"
            yield from (Idle(route, reason) for route in _given(build, ("build",), name))

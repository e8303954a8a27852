"""What resolve worked out for a service in one environment, at the keys where a spec would say it, and why it is that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Route
from svc.model.amounts import DISK_LIMIT
from svc.records import dataclass
from svc.resolve.process import LIKE_THE_SERVICE
from svc.resolve.types.process import Health, Probe, Process
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload

WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Derived:
    """`route` leads to a key that the spec does not set. `of`: what it is worked out from, the first that is there;
    routes of the workspace begin with `WORKSPACE`."""

    route: Route
    value: Any
    why: str
    of: tuple[Route, ...] = ()


def derived(one: Resolved) -> Iterator[Derived]:
    here: Route = (WORKSPACE, "environments", one.environment)
    why = "the environment's namespace, else the team, else the service's name"
    yield Derived(("namespace",), one.namespace, why, ((*here, "namespace"), ("team",), ("name",)))
    if one.image.built:
        why = "the registry and the name; a deploy sets the digest"
        owner: tuple[Route, ...] = (("ci", "repository"), (WORKSPACE, "repository"), ("team",), ("name",))
        yield Derived(("image",), one.image.repository, why, ((WORKSPACE, "registry"), *owner))
    yield Derived(("account", "name"), one.account.name, "the service's name", (("name",),))
    yield from _settings(one, here)
    if one.server is not None:
        yield from _server(one.server)
    for workload in (*one.workers, *one.jobs):
        yield from _process(workload.main)
        if workload.job is None and not workload.scale.driven:
            yield Derived((*workload.main.at, "scale", "replicas"), workload.scale.min, "one")
    for need in one.needs:
        at: Route = ("needs", need.name)
        yield Derived(
            (*at, "realise"), need.realise, "managed by the cloud, in the cluster without one; a container in local"
        )
        yield Derived((*at, "version"), need.version, "the version that svc pins")
        yield Derived((*at, "size"), need.size, "the smallest")
        yield Derived((*at, "secret"), need.secret, "the Secret that is made for the need")
    if one.expose is not None:
        if one.expose.via == "ingress":
            yield Derived(
                ("expose", "class_name"), one.expose.class_name, "the ingress class", ((WORKSPACE, "ingress_class"),)
            )
        if one.expose.tls and one.expose.via != "gateway":
            yield Derived(("expose", "tls_secret"), one.expose.tls_secret, "the service's name and -tls", (("name",),))


def _settings(one: Resolved, here: Route) -> Iterator[Derived]:
    """What the workspace says of the environment, where the service uses it."""
    if one.cloud.provider != "none":
        for name in ("region", "account", "cluster", "state_bucket", "alarm_topic", "dns_zone"):
            yield Derived(("cloud", name), getattr(one.cloud, name), "the environment's", ((*here, name),))
    yield Derived(("ci", "repository"), one.ci.repository, "the repository", ((WORKSPACE, "repository"),))
    if one.ci.branch != "main":
        yield Derived(("ci", "branch"), one.ci.branch, "the branch that is deployed", ((WORKSPACE, "branch"),))


def _server(server: Workload) -> Iterator[Derived]:
    main = server.main
    stateful = "a volume is `access: once`" if server.kind == "StatefulSet" else "no volume belongs to one replica"
    yield Derived(("workload",), server.kind.lower(), stateful)
    yield from _process(main)
    yield Derived(("user",), main.user, "a number that is no user's of the node")
    yield Derived(("group",), main.group, "as `user`", (("user",),))
    if not server.scale.driven:
        yield Derived(("scale", "replicas"), server.scale.min, "two, one for a volume that only one pod can use")
    yield Derived(("rollout", "grace"), f"{server.rollout.grace}s", "as Kubernetes has it")
    yield Derived(("rollout", "max_surge"), server.rollout.max_surge, "a new pod before an old one goes")
    yield Derived(("rollout", "max_unavailable"), server.rollout.max_unavailable, "no pod is missing meanwhile")
    if isinstance(main.pre_stop, int):
        yield Derived(("rollout", "pre_stop"), f"{main.pre_stop}s", "until nobody sends it requests any more")


def _process(main: Process) -> Iterator[Derived]:
    for port in main.ports:
        at: Route = (*main.at, "ports", port.name)
        yield Derived(
            (*at, "protocol"), port.protocol, "by the ports' names; http where no other port's name tells more"
        )
        yield Derived((*at, "service"), port.service, "as the port", (at,))
    yield from _health(main.health, (*main.at, "health"))
    yield from _resources(main, (*main.at, "resources"))


def _health(health: Health, place: Route) -> Iterator[Derived]:
    whys = {
        "ready": "the endpoint of `health`",
        "live": "the endpoint of `health`",
        "startup": "as live, for a language that starts slowly",
    }
    for role, why in whys.items():
        probe: Probe | None = getattr(health, role)
        if probe is not None:
            at: Route = (*place, role)
            yield from _question(probe, at, why, ((*place, "http"), (*place, probe.kind), place))
            yield Derived((*at, "period"), f"{probe.period}s", "5s for ready, 10s for others, never below the timeout")
            yield Derived((*at, "timeout"), f"{probe.timeout}s", "as Kubernetes has it")
            yield Derived((*at, "failures"), probe.failure, "3, and 30 for startup")


def _question(probe: Probe, at: Route, why: str, of: tuple[Route, ...]) -> Iterator[Derived]:
    port = probe.port_name or probe.port
    if probe.kind == "http":
        yield Derived((*at, "http", "path"), probe.path, why, of)
        yield Derived((*at, "http", "port"), port, "the main HTTP port")
        yield Derived((*at, "http", "scheme"), probe.scheme.lower(), "by the port's protocol")
    elif probe.kind == "exec":
        yield Derived((*at, "exec"), list(probe.command), why, of)
    else:
        yield Derived((*at, probe.kind, "port"), port, why, of)


def _resources(process: Process, at: Route) -> Iterator[Derived]:
    resources = process.resources
    names = {"cpu": "cpu", "memory": "memory", "ephemeral-storage": "storage"}
    limited = {"cpu": "ten times the request", "memory": "the request", "ephemeral-storage": "1Gi, or the request"}
    disk = dict(resources.requests).get("ephemeral-storage", DISK_LIMIT)
    if dict(resources.limits).get("ephemeral-storage") not in (disk, DISK_LIMIT):
        limited["ephemeral-storage"] += ", and larger scratch volumes"
    asked, most = _of_service(at)
    language: tuple[Route, ...] = (("build", "language"),) if process.image.built else ()
    for name, value in resources.requests:
        said = "what a process asks for that says nothing"
        why = f"as the service, else {said}" if name == "memory" and asked else said
        yield Derived((*at, "requests", names[name]), value, why, (*asked, *language) if name == "memory" else ())
    for name, value in resources.limits:
        of = ((*at, "requests", names[name]), (*at, names[name]))
        yield Derived(
            (*at, "limits", names[name]), value, limited.get(name, ""), (*of, *(most if name == "memory" else ()))
        )


def _of_service(at: Route) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
    """Where a step, job or worker has its memory and the limit of it from, unless it says so itself."""
    if at[:1] not in LIKE_THE_SERVICE:
        return (), ()
    asked: tuple[Route, ...] = (("resources", "requests", "memory"), ("resources", "memory"))
    limit: Route = ("resources", "limits", "memory")
    return (*asked, limit), (limit, *asked)

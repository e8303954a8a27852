"""Workloads: the server, workers and jobs, each a pod template and what drives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from svc.diagnostics import Route
from svc.model.cluster import Placement as GivenPlacement
from svc.model.process import Container as GivenContainer
from svc.model.rollout import Rollout as GivenRollout
from svc.model.work import History as GivenHistory
from svc.model.work import Job as GivenJob
from svc.records import dataclass
from svc.resolve.context import Context
from svc.resolve.opened import behind, opened
from svc.resolve.pod_volumes import of_pod
from svc.resolve.process import grace_of, process
from svc.resolve.scaling import scale as scaled
from svc.resolve.types.process import Port, Process
from svc.resolve.types.scaling import Scale
from svc.resolve.types.volumes import Claim, Volume
from svc.resolve.types.workloads import JobTuning, Placement, Rollout, ServiceObject, Workload
from svc.resolve.volumes import Storage

_TOPOLOGY = {"zone": "topology.kubernetes.io/zone", "host": "kubernetes.io/hostname"}
_ONCE = Scale(1, 1, ())
_START_DEADLINE = 300


def server(context: Context) -> tuple[Workload | None, list[Storage]]:
    """The main workload, None for `workload: none`."""
    service = context.service
    if service.workload == "none":
        return None, []
    main, stored = process(context, service.name, service, ())
    init, init_stored = _beside(context, service.init, "init")
    sidecars, sidecar_stored = _beside(context, service.sidecars, "sidecars")
    _one_network(context, (main, *sidecars))
    all_stored = [stored, *init_stored, *sidecar_stored]
    (main, *beside), volumes = of_pod(context, list(zip((main, *init, *sidecars), all_stored, strict=True)))
    init, sidecars = tuple(beside[: len(init)]), tuple(beside[len(init) :])
    stateful = _stateful(context, volumes)
    scale = scaled(context, service.scale, 1 if stateful else 2, ("scale",), service.name, main)
    made = Workload(
        name=service.name,
        component="server",
        kind="StatefulSet" if stateful else "Deployment",
        main=main,
        init=init,
        sidecars=sidecars,
        volumes=volumes,
        scale=scale,
        rollout=rollout(context, service.rollout, ("rollout",), limited=not stateful),
        placement=_placement(service.placement),
        job=None,
        service=_service(context, behind(service, main.ports, [one.ports for one in sidecars]), stateful=stateful),
        disruption_min=max(1, scale.min - 1) if scale.min > 1 else None,
        pod_labels=(),
        pod_annotations=tuple(sorted(service.annotations.items())),
        fs_group=main.group if volumes else None,
    )
    return made, all_stored


def _stateful(context: Context, volumes: Sequence[Volume]) -> bool:
    """Whether replicas have volumes and names of their own: as the spec says, else as its volumes need it."""
    own = next((one for one in volumes if isinstance(one, Claim) and one.template), None)
    if own is not None and context.service.workload == "deployment":
        context.report(
            "volume-needs-statefulset",
            own.at,
            "a volume with `access: once` belongs to one replica, so a Deployment cannot share it",
            help="leave `workload` out, or write access: many",
        )
    return context.service.workload == "statefulset" or (context.service.workload is None and own is not None)


def _one_network(context: Context, processes: tuple[Process, ...]) -> None:
    """Containers of a pod share its ports: two that open the same one cannot both start."""
    seen: dict[tuple[int, str], tuple[str, Port]] = {}
    for one in processes:
        for port in one.ports:
            whose, other = seen.setdefault((port.number, port.transport), (one.name, port))
            if whose != one.name:
                context.report(
                    "port-named-twice",
                    port.at,
                    f"`{one.name}` and `{whose}` run in one pod, and both open port {port.number}",
                    help="let one of them open another port",
                    related=(("the other", other.at),),
                )


def _beside(context: Context, parts: dict[str, GivenContainer], key: str) -> tuple[tuple[Process, ...], list[Storage]]:
    made = [process(context, name, part, (key, name), with_health=key == "sidecars") for name, part in parts.items()]
    for name, part in parts.items():
        if key == "init" and part.health is not None:
            context.report(
                "init-has-health",
                (key, name, "health"),
                "a step before the start ends by itself: it has no health",
                anchor="key",
            )
    return tuple(one for one, _ in made), [stored for _, stored in made]


def _service(context: Context, ports: tuple[Port, ...], *, stateful: bool) -> ServiceObject | None:
    """That of a StatefulSet gives its pods their names too, unless it needs an address: one without forwards nothing."""
    service, options = context.service, context.service.service
    if not ports and not stateful:
        return None
    inside = options is None or options.type == "ClusterIP"
    ports = opened(context, ports)
    named = stateful and inside and all(port.service == port.number for port in ports)
    return ServiceObject(
        name=service.name,
        type=options.type if options is not None else "ClusterIP",
        headless=(options.headless if options is not None else False) or named,
        ports=ports,
        publish_not_ready=options.publish_not_ready if options is not None else False,
        ip_families=(options.ip_family if options is not None else None) or "",
        annotations=tuple(sorted(options.annotations.items())) if options is not None else (),
        at=("service",) if options is not None else ("ports",),
        sticky=options is not None and options.session_affinity == "ClientIP",
    )


def rollout(context: Context, given: GivenRollout | None, at: Route, *, limited: bool = True) -> Rollout:
    """`limited`: it fails when it makes no progress, as that of a Deployment does."""
    one = given if given is not None else GivenRollout()
    grace = one.grace if one.grace is not None else grace_of(context.service)
    if isinstance(one.pre_stop, int) and one.pre_stop >= grace:
        context.report(
            "pre-stop-exceeds-grace",
            (*at, "pre_stop"),
            f"waiting {one.pre_stop}s before SIGTERM leaves nothing of the grace period of {grace}s",
            help="raise `grace`",
        )
    surge, unavailable = one.max_surge or "25%", one.max_unavailable or "0"
    if one.strategy == "rolling" and surge.rstrip("%") == "0" and unavailable.rstrip("%") == "0":
        context.report(
            "rollout-cannot-move",
            (*at, "max_surge"),
            "max_surge and max_unavailable are both 0: no pod can be replaced",
            help="raise one of them",
        )
    if limited and one.min_ready >= one.deadline:
        context.report(
            "rollout-cannot-end",
            (*at, "min_ready" if one.min_ready else "deadline"),
            f"min_ready of {one.min_ready}s is no less than the deadline of {one.deadline}s: Kubernetes refuses this, since no pod could count in time",
            help=f"lower `min_ready`, or write a `deadline` of more than {one.min_ready}s",
        )
    return Rollout(one.strategy, surge, unavailable, grace, one.min_ready, one.deadline, one.history, at)


def _placement(given: GivenPlacement | None) -> Placement:
    one = given if given is not None else GivenPlacement()
    selector = dict(one.node_selector)
    if one.os is not None:
        selector["kubernetes.io/os"] = one.os
    return Placement(
        tuple(sorted(selector.items())),
        tuple(_TOPOLOGY[key] for key in one.spread),
        tuple(one.apart_from),
        tuple(one.near),
        ("placement",),
        one.priority_class or "",
    )


def workers(context: Context) -> tuple[tuple[Workload, ...], list[Storage]]:
    made: list[Workload] = []
    all_stored: list[Storage] = []
    for name, worker in context.service.workers.items():
        at = ("workers", name)
        main, stored = process(context, name, worker, at, inherit=context.service if worker.inherit else None)
        scale = scaled(context, worker.scale, 1, (*at, "scale"), f"{context.service.name}-{name}", main)
        drive = _Drive("Deployment", scale, worker.rollout, _placement(context.service.placement))
        made.append(_workload(context, name, at, drive, main, stored))
        all_stored.append(stored)
    return tuple(made), all_stored


def jobs(context: Context) -> tuple[tuple[Workload, ...], list[Storage]]:
    made: list[Workload] = []
    all_stored: list[Storage] = []
    for name, job in context.service.jobs.items():
        at = ("jobs", name)
        main, stored = process(
            context, name, job, at, inherit=context.service if job.inherit else None, with_health=False
        )
        if job.health is not None:
            context.report("job-has-health", (*at, "health"), "a job ends by itself: it has no health", anchor="key")
        kind: Literal["Job", "CronJob"] = "CronJob" if job.schedule is not None or job.run == "manual" else "Job"
        placed = Placement(_placement(context.service.placement).node_selector, (), (), (), ("placement",))
        made.append(_workload(context, name, at, _Drive(kind, _ONCE, None, placed, _tuning(job)), main, stored))
        all_stored.append(stored)
    return tuple(made), all_stored


@dataclass(frozen=True, slots=True)
class _Drive:
    """What drives the pods of a worker or a job."""

    kind: Literal["Deployment", "Job", "CronJob"]
    scale: Scale
    rollout: GivenRollout | None
    placement: Placement
    job: JobTuning | None = None


def _workload(context: Context, name: str, at: Route, drive: _Drive, main: Process, stored: Storage) -> Workload:
    object_name = f"{context.service.name}-{name}"
    if len(object_name) > 52:
        role = "worker" if drive.kind == "Deployment" else "job"
        context.report(
            "name-too-long",
            at,
            f"the object `{object_name}` has {len(object_name)} characters and a {role}'s name at most 52: shorten one of the names",
            anchor="key",
        )
    (main,), volumes = of_pod(context, [(main, stored)])
    return Workload(
        name=object_name,
        component=name,
        kind=drive.kind,
        main=main,
        init=(),
        sidecars=(),
        volumes=volumes,
        scale=drive.scale,
        rollout=rollout(context, drive.rollout, (*at, "rollout")),
        placement=drive.placement,
        job=drive.job,
        service=None,
        disruption_min=max(1, drive.scale.min - 1) if drive.scale.min > 1 else None,
        pod_labels=(),
        pod_annotations=tuple(sorted(context.service.annotations.items())),
        fs_group=main.group if volumes else None,
        at=at,
    )


_CONCURRENCY: dict[str, Literal["Allow", "Forbid", "Replace"]] = {
    "allow": "Allow",
    "forbid": "Forbid",
    "replace": "Replace",
}


def _tuning(job: GivenJob) -> JobTuning:
    history = job.history if job.history is not None else GivenHistory()
    return JobTuning(
        run="schedule" if job.run is None else job.run,
        schedule=job.schedule or "",
        timezone=job.timezone,
        concurrency=_CONCURRENCY[job.concurrency],
        backoff_limit=job.backoff,
        timeout=job.timeout or None,
        keep_finished=job.keep_finished,
        completions=job.completions,
        parallelism=job.parallelism,
        history=(history.successful, history.failed),
        start_deadline=_START_DEADLINE if job.start_deadline is None else job.start_deadline,
        suspend=job.suspend,
        restart="Never" if job.restart == "never" else "OnFailure",
        indexed=job.indexed,
        give_up_on=tuple(sorted(set(job.give_up_on))),
        ignore_disruptions=job.ignore_disruptions,
    )

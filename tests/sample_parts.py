"""Small builders of resolved parts with plausible defaults; `samples` puts whole services together from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from svc.diagnostics import Place, Route, Span
from svc.resolve import names
from svc.resolve.types.around import Access, Account
from svc.resolve.types.delivery import Ci, Cloud, Permission
from svc.resolve.types.images import UNBUILT_DIGEST, Build, Image
from svc.resolve.types.process import Health, Port, Process, Resources
from svc.resolve.types.scaling import Scale
from svc.resolve.types.volumes import Scratch
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import JobTuning, Placement, Rollout, ServiceObject, Workload
from svc.resolve.unit import LOCAL, Origin, Unit

ENVOY = Image("envoyproxy/envoy", "v1.36.2", "sha256:" + "e" * 64, False)


def built(name: str) -> Image:
    return Image(f"ghcr.io/acme/{name}", "0.0.0", UNBUILT_DIGEST, True, ("build",))


def build(language: Any = "python", **changes: Any) -> Build:
    return replace(
        Build(
            language=language,
            version="3.14",
            main="checkout.app:app",
            manager="uv",
            context=".",
            packages=(),
            build_packages=(),
            secrets=(),
            args=(),
            env=(),
            files=(),
            dockerfile="",
            target="",
            test="pytest",
            at=("build",),
        ),
        **changes,
    )


def resources(cpu: str = "100m", memory: str = "128Mi", at: tuple[str, ...] = ("resources",)) -> Resources:
    """Ten times the CPU as a limit, memory limited to what is asked."""
    requests = (("cpu", cpu), ("ephemeral-storage", "128Mi"), ("memory", memory))
    limit = f"{int(cpu.removesuffix('m')) * 10}m"
    return Resources(requests, (("cpu", limit), ("ephemeral-storage", "1Gi"), ("memory", memory)), at)


def process(name: str, image: Image, **changes: Any) -> Process:
    return replace(
        Process(
            name=name,
            image=image,
            command=None,
            args=None,
            workdir="",
            env=(),
            env_from=(),
            mounts=(),
            ports=(),
            health=Health(),
            resources=resources(),
            user=names.UID,
            group=names.UID,
            read_only_root=True,
            add_capabilities=(),
            pre_stop=None,
        ),
        **changes,
    )


def workload(name: str, main: Process, **changes: Any) -> Workload:
    return replace(
        Workload(
            name=name,
            component="server",
            kind="Deployment",
            main=main,
            init=(),
            sidecars=(),
            volumes=(Scratch("tmp", "64Mi", False),),
            scale=Scale(2, 2, (), ("scale",)),
            rollout=Rollout("rolling", "25%", "0", 30, 0, 600, 5, ("rollout",)),
            placement=Placement((), ("topology.kubernetes.io/zone", "kubernetes.io/hostname"), (), ()),
            job=None,
            service=None,
            disruption_min=1,
            pod_labels=(),
            pod_annotations=(),
            fs_group=names.UID,
        ),
        **changes,
    )


def tuning(run: Any, **changes: Any) -> JobTuning:
    return replace(
        JobTuning(
            run=run,
            schedule="",
            timezone="Etc/UTC",
            concurrency="Forbid",
            backoff_limit=2,
            timeout=600,
            keep_finished=86400,
            completions=None,
            parallelism=None,
            history=(3, 3),
            start_deadline=300,
            suspend=False,
            restart="Never",
        ),
        **changes,
    )


def job(name: str, main: Process, tuned: JobTuning, **changes: Any) -> Workload:
    """A Job, or a CronJob when it has a schedule or is run by hand."""
    base = workload(
        name,
        main,
        component=main.name,
        kind="CronJob" if tuned.run in ("schedule", "manual") else "Job",
        scale=Scale(1, 1, ()),
        placement=Placement((), (), (), ()),
        job=tuned,
        disruption_min=None,
        at=("jobs", main.name),
    )
    return replace(base, **changes)


def service_object(name: str, *ports: Port, **changes: Any) -> ServiceObject:
    return replace(ServiceObject(name, "ClusterIP", False, ports, False, "", (), ("ports",)), **changes)


def cloud(environment: str, **changes: Any) -> Cloud:
    base = Cloud(
        provider="aws",
        region="eu-west-1",
        account="111122223333" if environment == "production" else "444455556666",
        cluster=f"acme-{environment}",
        state_bucket=f"acme-{environment}-state",
        permissions=(Permission(("ses:SendEmail",), ("*",), ("cloud", "permissions", 0)),),
        log_retention_days=90,
        alarms=environment == "production",
        alarm_topic="",
        dns_zone="example.com",
        at=("cloud",),
    )
    return replace(base, **changes)


def resolved(name: str, environment: str, image: Image, **changes: Any) -> Resolved:
    return replace(
        Resolved(
            name=name,
            environment=environment,
            namespace=f"payments-{environment}",
            team="payments",
            description="Places orders.",
            labels=(("cost-center", "cc-42"),),
            annotations=(),
            version="0.0.0" if image.built else image.tag,
            image=image,
            build=build() if image.built else None,
            server=None,
            workers=(),
            jobs=(),
            needs=(),
            configs=(),
            secrets=(),
            account=Account(name, True, False, (), ()),
            expose=None,
            access=Access((), (), False, ("access",)),
            metrics=None,
            ci=Ci(
                provider="github",
                repository=f"acme/{name}",
                branch="main",
                test="pytest",
                test_services=(),
                paths=(),
                runner="ubuntu-24.04",
                scan_severity=("CRITICAL", "HIGH"),
                reusable_workflow="",
                at=("ci",),
            ),
            cloud=cloud(environment),
            patches=(),
        ),
        **changes,
    )


def unit(make: Callable[[str], Resolved]) -> Unit:
    """The whole service: `local` beside `staging` and `production`; every origin is line 1 of service.yaml."""
    environments = (make("staging"), make("production"))
    origin = Origin("service", Place("service.yaml", Span(1, 1, 1, 5)))
    root: Route = ()
    origins = {one: {root: origin} for one in (LOCAL, "staging", "production")}
    return Unit(environments[0].name, "", "service.yaml", make(LOCAL), environments, origins)

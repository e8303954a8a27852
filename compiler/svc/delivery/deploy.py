"""The deploy jobs: one an environment, in the spec's order, each waiting for the one before."""

from __future__ import annotations

from collections.abc import Sequence

from svc.delivery.types import (
    Checkout,
    Cluster,
    ClusterLogin,
    Delegate,
    Deploy,
    Environment,
    Job,
    Permission,
    Rollback,
    SmokeTest,
    Step,
)
from svc.delivery.waits import longest
from svc.resolve import names
from svc.resolve.released import waited_for
from svc.resolve.types.around import Expose
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit

CHART = "chart"


def deploys(unit: Unit, before: Sequence[Job]) -> tuple[Job, ...]:
    """`before` are the jobs that lead to an image worth deploying."""
    gates = _gates(before)
    jobs: list[Job] = []
    for resolved in unit.environments:
        needs = (*gates, *((jobs[-1].id,) if jobs else ()))
        jobs.append(_deploy(unit, resolved, needs))
    return tuple(jobs)


def _gates(before: Sequence[Job]) -> tuple[str, ...]:
    """The last jobs before a deploy, and the one that knows the digest."""
    release = [job for job in before if job.when != "change"]
    needed = {need for job in release for need in job.needs}
    return tuple(job.id for job in release if job.publishes or job.id not in needed)


def _deploy(unit: Unit, resolved: Resolved, needs: tuple[str, ...]) -> Job:
    job_id = f"deploy-{resolved.environment}"
    delegate = _delegate(unit, resolved)
    return Job(
        id=job_id,
        title=f"Deploy to {resolved.environment}",
        stage="deploy",
        when="release",
        needs=needs,
        steps=() if delegate else _steps(unit, resolved),
        permissions=(Permission("read-source", ""), _identity(resolved)),
        timeout=15 + 2 * longest(resolved) // 60,
        environment=Environment(resolved.environment, _url(resolved.expose)),
        lock=f"deploy-{unit.name}-{resolved.environment}",
        delegate=delegate,
        at=resolved.cloud.at,
    )


def _steps(unit: Unit, resolved: Resolved) -> tuple[Step, ...]:
    chart, timeout = unit.path(CHART), longest(resolved)
    where = (unit.name, resolved.namespace)
    deploy = Deploy(
        release=unit.name,
        chart=chart,
        values=f"{chart}/values-{resolved.environment}.yaml",
        namespace=resolved.namespace,
        timeout=timeout,
        set_digest=resolved.image.built,
        brought=waited_for(resolved),
    )
    return (Checkout(), ClusterLogin(_cluster(resolved)), deploy, SmokeTest(*where), Rollback(*where, timeout))


def _delegate(unit: Unit, resolved: Resolved) -> Delegate | None:
    reference = resolved.ci.reusable_workflow
    if not reference:
        return None
    chart = unit.path(CHART)
    inputs = {
        "service": unit.name,
        "environment": resolved.environment,
        "namespace": resolved.namespace,
        "chart": chart,
        "values": f"{chart}/values-{resolved.environment}.yaml",
        "image": resolved.image.repository,
    }
    return Delegate(reference, tuple(inputs.items()), resolved.image.built)


def _cluster(resolved: Resolved) -> Cluster:
    cloud = resolved.cloud
    if cloud.provider == "none":
        return Cluster("oidc")
    role = names.deploy_role(resolved.name, resolved.environment)
    return Cluster("eks", role, cloud.account, cloud.region, cloud.cluster)


def _identity(resolved: Resolved) -> Permission:
    if resolved.cloud.provider == "none":
        return Permission("identity", "sign in to the cluster without a stored key")
    return Permission("identity", f"sign in to AWS as {names.deploy_role(resolved.name, resolved.environment)}")


def _url(expose: Expose | None) -> str:
    if expose is None or not expose.hosts or "*" in expose.hosts[0]:
        return ""
    path = expose.paths[0].path if expose.paths else "/"
    return f"{'https' if expose.tls else 'http'}://{expose.hosts[0]}{'' if path == '/' else path}"

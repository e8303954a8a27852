"""What of a service is made by its release itself, and who needs it: none of it is there before a first install."""

from __future__ import annotations

from svc.resolve import names
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Literal_, Process, SecretKey
from svc.resolve.types.volumes import Claim
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload


def with_release(resolved: Resolved, workload: Workload) -> tuple[Need, ...]:
    """Backing services in the cluster, which come with the release, that a workload is told of: by Secret or by name."""
    processes = (workload.main, *workload.init, *workload.sidecars)
    found = (one for one in resolved.needs if one.realise == "in-cluster")
    return tuple(one for one in found if any(_told(process, one) for process in processes))


def needs_release(resolved: Resolved, workload: Workload) -> bool:
    """Whether a job needs what the release brings: a backing service in the cluster, a claim."""
    claims = any(isinstance(one, Claim) and not one.existing for one in workload.volumes)
    return claims or bool(with_release(resolved, workload))


def waited_for(resolved: Resolved) -> tuple[str, ...]:
    """The objects of the release that jobs before a deploy need: where one is not there yet, such a job comes behind the
    release, and what it makes is not there for the pods."""
    jobs = [one for one in resolved.jobs if one.job is not None and one.job.run == "before-deploy"]
    found = [need.object_name for job in jobs for need in with_release(resolved, job)]
    for job in jobs:
        found += [
            claim_name(resolved, job, one.name) for one in job.volumes if isinstance(one, Claim) and not one.existing
        ]
    return tuple(dict.fromkeys(found))


def claim_name(resolved: Resolved, workload: Workload, volume: str) -> str:
    """The claim behind a workload's volume. Workloads that mount one and the same `volumes` entry share it."""
    route = next(one.at for one in workload.volumes if one.name == volume)
    for owner in resolved.workloads:
        if route and any(one.name == volume and one.at == route for one in owner.volumes):
            return f"{owner.name}-{volume}"
    return f"{workload.name}-{volume}"


def _told(process: Process, need: Need) -> bool:
    secrets = {need.secret, names.predeploy(need.secret)}
    if any(one.kind == "secret" and one.name in secrets for one in process.env_from):
        return True
    host = need.outputs.get("host")
    for one in process.env:
        if isinstance(one.value, SecretKey) and one.value.secret in secrets:
            return True
        if isinstance(one.value, Literal_) and isinstance(host, Literal_) and host.text in one.value.text:
            return True
    return False

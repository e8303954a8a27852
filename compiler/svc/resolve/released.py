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


def migrates_with_release(resolved: Resolved) -> bool:
    """Whether a job before a deploy waits for the release on a first install, and what it makes is not there for the pods."""
    jobs = (one for one in resolved.jobs if one.job is not None and one.job.run == "before-deploy")
    return any(needs_release(resolved, one) for one in jobs)


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

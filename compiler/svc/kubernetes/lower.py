"""A resolved service becomes the Kubernetes objects that run it, in the order in which a person would read them."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Problem
from svc.kubernetes.autoscaling import autoscaling
from svc.kubernetes.config import configs, secrets
from svc.kubernetes.exposure import exposure
from svc.kubernetes.hooks import hooks
from svc.kubernetes.identity import identity
from svc.kubernetes.monitoring import monitoring
from svc.kubernetes.needs import need_problems, needs
from svc.kubernetes.network import network
from svc.kubernetes.patch import patched
from svc.kubernetes.raw import raw, raw_problems
from svc.kubernetes.services import services
from svc.kubernetes.storage import claims
from svc.kubernetes.types import Manifest
from svc.kubernetes.workloads import workload_manifest, workload_problems
from svc.records import dataclass
from svc.resolve.types.whole import Resolved


@dataclass(frozen=True, slots=True)
class KubernetesLowered:
    """`problems` are at routes of the merged spec: what Kubernetes cannot express is said, never dropped."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Problem, ...] = ()


def lower(resolved: Resolved) -> KubernetesLowered:
    """Pure. Kind and name are unique among the manifests."""
    exposed, problems = exposure(resolved)
    manifests = (
        *identity(resolved),
        *configs(resolved),
        *secrets(resolved),
        *claims(resolved),
        *needs(resolved),
        *hooks(resolved),
        *_workloads(resolved),
        *exposed,
        *network(resolved),
        *monitoring(resolved),
    )
    found = [one for workload in resolved.workloads for one in workload_problems(workload)]
    changed, unfit = patched((*manifests, *raw(resolved)), resolved.patches)
    own = tuple(raw_problems(resolved))
    return KubernetesLowered(changed, (*problems, *need_problems(resolved), *found, *own, *unfit))


def _workloads(resolved: Resolved) -> Iterator[Manifest]:
    for workload in resolved.workloads:
        if workload.job and workload.job.run == "before-deploy":
            continue
        yield workload_manifest(resolved, workload)
        yield from services(resolved, workload)
        yield from autoscaling(resolved, workload)

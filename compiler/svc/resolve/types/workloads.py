"""Pod templates and what drives them, with the Service before them."""

from __future__ import annotations

from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass
from svc.resolve.types.process import Port, Process
from svc.resolve.types.scaling import Scale
from svc.resolve.types.volumes import Volume


@dataclass(frozen=True, slots=True)
class Rollout:
    """`max_surge`/`max_unavailable` are counts or percentages as text. Times in seconds."""

    strategy: Literal["rolling", "recreate"]
    max_surge: str
    max_unavailable: str
    grace: int
    min_ready: int
    deadline: int
    history: int
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """`spread`: topology keys over which replicas are spread, soft (ScheduleAnyway); `os` pins the node's system."""

    node_selector: tuple[tuple[str, str], ...]
    spread: tuple[str, ...]
    separate: tuple[str, ...]
    """Services whose pods should not share a node with ours (preferred anti-affinity)."""
    together: tuple[str, ...]
    """Services whose pods ours should be near (preferred affinity)."""
    at: Route = ()
    priority_class: str = ""


@dataclass(frozen=True, slots=True)
class JobTuning:
    """`run`: when the job runs. A schedule makes a CronJob. Times in seconds, None: the platform's default."""

    run: Literal["before-deploy", "after-deploy", "manual", "schedule"]
    schedule: str
    timezone: str
    concurrency: Literal["Allow", "Forbid", "Replace"]
    backoff_limit: int
    timeout: int | None
    keep_finished: int | None
    """ttlSecondsAfterFinished."""
    completions: int | None
    parallelism: int | None
    history: tuple[int, int]
    """Successful and failed runs that are kept."""
    start_deadline: int | None
    suspend: bool
    restart: Literal["Never", "OnFailure"]
    indexed: bool = False
    """Every completion has an index of its own."""
    give_up_on: tuple[int, ...] = ()
    """Exit codes that fail the job at once, sorted."""
    ignore_disruptions: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """One pod template and what drives it. `name` is the object's name; `component` its recommended label."""

    name: str
    component: str
    kind: Literal["Deployment", "StatefulSet", "Job", "CronJob"]
    main: Process
    init: tuple[Process, ...]
    sidecars: tuple[Process, ...]
    volumes: tuple[Volume, ...]
    scale: Scale
    rollout: Rollout
    placement: Placement
    job: JobTuning | None
    service: ServiceObject | None
    disruption_min: int | None
    """minAvailable of the PodDisruptionBudget; None: no budget (a single replica, or a job)."""
    pod_labels: tuple[tuple[str, str], ...]
    pod_annotations: tuple[tuple[str, str], ...]
    fs_group: int | None
    at: Route = ()

    @property
    def processes(self) -> tuple[Process, ...]:
        """What runs in the pod: the main process first."""
        return (self.main, *self.init, *self.sidecars)


@dataclass(frozen=True, slots=True)
class ServiceObject:
    """The Kubernetes Service before a workload."""

    name: str
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"]
    headless: bool
    ports: tuple[Port, ...]
    publish_not_ready: bool
    ip_families: str
    """ipFamilyPolicy, empty for the cluster's default."""
    annotations: tuple[tuple[str, str], ...]
    at: Route = ()
    sticky: bool = False
    """One client stays with one pod (sessionAffinity: ClientIP)."""

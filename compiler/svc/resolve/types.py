"""What every target lowers from: one service in one environment, with nothing optional left open.

Every fact that two targets need (names, labels, ports, user id, image reference, secret paths) is computed once, by
`resolve`, and stands here; that is what keeps Dockerfile, chart, workflow, Terraform and compose consistent.
`at` is the route in the merged spec that caused a node; `Unit.provenance` leads from there to a file and a line.
A None or an empty tuple means "not wanted", never "not decided".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from svc.diagnostics import Route

# --- images and builds -------------------------------------------------------------------------------------------

UNBUILT_DIGEST = "sha256:" + "0" * 64
"""Digest of an image that is not built yet: no image has it, so nothing unreviewed can start. Deploys set the real one."""


@dataclass(frozen=True, slots=True)
class Image:
    """`repository:tag@digest`. For an image that this service builds, digest is UNBUILT_DIGEST until a deploy sets it."""

    repository: str
    tag: str
    digest: str
    built: bool
    at: Route = ()

    @property
    def reference(self) -> str:
        return f"{self.repository}{':' + self.tag if self.tag else ''}{'@' + self.digest if self.digest else ''}"


Language = Literal["python", "node", "go", "java", "kotlin", "dotnet", "rust", "ruby", "php", "static"]


@dataclass(frozen=True, slots=True)
class Build:
    """How the image is made. `dockerfile` set: the user's own file, linted and not generated.

    `context` is relative to the spec's folder. `main` is in the language's own terms and may be empty where the
    language has a convention. `manager` is the package manager ("uv", "pip", "poetry", "npm", "pnpm", "yarn",
    "maven", "gradle", or "" where the language has only one; "yarn1" for a lock file of Yarn 1). `present` are the
    names in the context, sorted; () where there are no sources to see.
    """

    language: Language
    version: str
    main: str
    manager: str
    context: str
    packages: tuple[str, ...]
    build_packages: tuple[str, ...]
    secrets: tuple[str, ...]
    args: tuple[tuple[str, str], ...]
    env: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    dockerfile: str
    target: str
    test: str
    at: Route = ()
    present: tuple[str, ...] = ()


# --- a process ---------------------------------------------------------------------------------------------------

Protocol_ = Literal["http", "https", "grpc", "tcp", "udp"]


@dataclass(frozen=True, slots=True)
class Port:
    """`number` is what the process opens, `service` what clients use."""

    name: str
    number: int
    service: int
    protocol: Protocol_
    node_port: int | None = None
    app_protocol: str = ""
    at: Route = ()

    @property
    def transport(self) -> Literal["TCP", "UDP"]:
        return "UDP" if self.protocol == "udp" else "TCP"


@dataclass(frozen=True, slots=True)
class Probe:
    """Seconds and counts as Kubernetes means them. `port_name` is empty when the number is not a declared port."""

    kind: Literal["http", "grpc", "tcp", "exec"]
    port: int = 0
    port_name: str = ""
    path: str = ""
    scheme: Literal["HTTP", "HTTPS"] = "HTTP"
    headers: tuple[tuple[str, str], ...] = ()
    command: tuple[str, ...] = ()
    grpc_service: str = ""
    initial_delay: int = 0
    period: int = 10
    timeout: int = 1
    success: int = 1
    failure: int = 3
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Health:
    ready: Probe | None = None
    live: Probe | None = None
    startup: Probe | None = None
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Literal_:
    """A plain value; `$(NAME)` in it refers to an earlier variable, as in Kubernetes."""

    text: str


@dataclass(frozen=True, slots=True)
class SecretKey:
    secret: str
    key: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ConfigKey:
    config: str
    key: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PodField:
    """Downward API: a pod field path such as `status.podIP`."""

    path: str


@dataclass(frozen=True, slots=True)
class ContainerResource:
    """Downward API: a resource such as `limits.memory`."""

    resource: str


EnvValue = Literal_ | SecretKey | ConfigKey | PodField | ContainerResource


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    value: EnvValue
    at: Route = ()


@dataclass(frozen=True, slots=True)
class EnvFrom:
    """All keys of an existing ConfigMap or Secret as variables."""

    kind: Literal["config", "secret"]
    name: str
    prefix: str = ""
    optional: bool = False
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Mount:
    """`volume` names a `Volume` of the workload."""

    volume: str
    path: str
    sub_path: str = ""
    read_only: bool = False
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Resources:
    """Kubernetes quantities by name (`cpu`, `memory`, `ephemeral-storage`), both maps sorted by name."""

    requests: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class HttpStop:
    """A request before SIGTERM."""

    path: str
    port: int
    port_name: str
    scheme: Literal["HTTP", "HTTPS"]


@dataclass(frozen=True, slots=True)
class Process:
    """One container: the main process, an init step or a sidecar. `command`/`args` None: the image's own."""

    name: str
    image: Image
    command: tuple[str, ...] | None
    args: tuple[str, ...] | None
    workdir: str
    env: tuple[Variable, ...]
    env_from: tuple[EnvFrom, ...]
    mounts: tuple[Mount, ...]
    ports: tuple[Port, ...]
    health: Health
    resources: Resources
    user: int
    group: int
    read_only_root: bool
    add_capabilities: tuple[str, ...]
    pre_stop: tuple[str, ...] | int | HttpStop | None
    """A command, a request, seconds to sleep (Kubernetes' native sleep action), or nothing."""
    at: Route = ()


# --- volumes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scratch:
    """An emptyDir: on disk or in memory, with a size limit."""

    name: str
    size: str
    memory: bool
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A persistent volume. `existing` names a claim made elsewhere; `template`: one claim per replica (StatefulSet)."""

    name: str
    size: str
    access: Literal["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]
    storage_class: str
    keep: bool
    existing: str
    template: bool
    annotations: tuple[tuple[str, str], ...] = ()
    at: Route = ()


@dataclass(frozen=True, slots=True)
class ConfigFiles:
    """Keys of a ConfigMap as files. `items` (key, file name, mode or None); empty means all keys."""

    name: str
    config: str
    items: tuple[tuple[str, str, int | None], ...]
    mode: int
    optional: bool
    at: Route = ()


@dataclass(frozen=True, slots=True)
class SecretFiles:
    name: str
    secret: str
    items: tuple[tuple[str, str, int | None], ...]
    mode: int
    optional: bool
    at: Route = ()


Volume = Scratch | Claim | ConfigFiles | SecretFiles

# --- workloads ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Metric:
    """An autoscaling target. Utilization in percent for cpu and memory; `pods` and `external` name a custom metric."""

    kind: Literal["cpu", "memory", "pods", "external"]
    target: str
    name: str = ""
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """`metrics` empty: `min` fixed replicas, no autoscaler."""

    min: int
    max: int
    metrics: tuple[Metric, ...]
    scale_down_window: int | None
    at: Route = ()
    scale_up_window: int | None = None


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


# --- around the workloads ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfigObject:
    """A ConfigMap that we make. `data` in the spec's order."""

    name: str
    data: tuple[tuple[str, str], ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class SecretEntry:
    """`key` in the Kubernetes Secret comes from `property` of `path` in the secret store."""

    key: str
    path: str
    property: str
    at: Route = ()


@dataclass(frozen=True, slots=True)
class SecretObject:
    """A Secret that the external secret store fills (an ExternalSecret). Values are never in our files."""

    name: str
    store: str
    store_kind: Literal["ClusterSecretStore", "SecretStore"]
    refresh: str
    entries: tuple[SecretEntry, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class ExposePath:
    path: str
    type: Literal["Prefix", "Exact", "ImplementationSpecific"]
    port: Port


@dataclass(frozen=True, slots=True)
class Expose:
    """The way in from outside. `via`: an Ingress, a Gateway API HTTPRoute, or a cloud load balancer Service."""

    via: Literal["ingress", "gateway", "load-balancer"]
    hosts: tuple[str, ...]
    paths: tuple[ExposePath, ...]
    tls: bool
    tls_secret: str
    allow: tuple[str, ...]
    """CIDRs that may come in; empty: everybody."""
    class_name: str
    gateway: str
    """`namespace/name` of the Gateway that an HTTPRoute attaches to."""
    annotations: tuple[tuple[str, str], ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody we talk with. Ports empty: any. `host` is outside the cluster: `service`, `cidr` and `host` exclude
    each other; `ingress-controller` and `monitoring` are well-known peers named by `role`."""

    service: str = ""
    namespace: str = ""
    cidr: str = ""
    host: str = ""
    role: Literal["", "ingress-controller", "monitoring", "dns"] = ""
    ports: tuple[tuple[int, Literal["TCP", "UDP"]], ...] = ()
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Access:
    """Who may connect to us and to whom we may connect. Everything else is denied; `open_egress` says no limit out."""

    incoming: tuple[Peer, ...]
    outgoing: tuple[Peer, ...]
    open_egress: bool
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Rule:
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The ServiceAccount. `create` False: it exists already. `token`: mount its API token."""

    name: str
    create: bool
    token: bool
    annotations: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Metrics:
    """A ServiceMonitor's facts."""

    port: Port
    path: str
    interval: str
    at: Route = ()


# --- needs -------------------------------------------------------------------------------------------------------

NeedType = Literal["postgres", "mysql", "redis", "rabbitmq", "mongodb", "queue", "topic", "bucket"]
Realise = Literal["container", "in-cluster", "managed", "existing"]


@dataclass(frozen=True, slots=True)
class Need:
    """A backing service. `outputs` maps each output name (url, host, port, name, user, password ...) to where the
    application finds it in this environment; `secret` is the Kubernetes Secret that holds them, `path` the same in
    the secret store. `image`/`port`/`env`/`data_path`/`healthcheck` describe it as a container."""

    name: str
    object_name: str
    """`<service>-<need>`: the DNS name in cluster, the Secret's name, the resource name in the cloud."""
    type: NeedType
    version: str
    size: Literal["small", "medium", "large"]
    storage: str
    realise: Realise
    secret: str
    path: str
    outputs: Mapping[str, EnvValue] = field(compare=True)
    image: Image | None = None
    port: int = 0
    env: tuple[Variable, ...] = ()
    command: tuple[str, ...] | None = None
    data_path: str = ""
    healthcheck: tuple[str, ...] = ()
    user: int = 0
    multi_zone: bool = False
    fifo: bool = False
    at: Route = ()


# --- delivery and cloud ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ci:
    """`repository` is `owner/name`; commands are shell lines run in the Dockerfile's test stage or on the runner."""

    provider: Literal["github", "none"]
    repository: str
    branch: str
    test: str
    test_services: tuple[str, ...]
    """Names of needs that must run beside the tests."""
    paths: tuple[str, ...]
    """Path filters, relative to the repository root."""
    runner: str
    scan_severity: tuple[str, ...]
    reusable_workflow: str
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where the environment runs. Empty strings: not known, so the target asks for a variable instead."""

    provider: Literal["aws", "none"]
    region: str
    account: str
    cluster: str
    state_bucket: str
    permissions: tuple[Permission, ...]
    """What the workload may do in the cloud besides using its needs."""
    log_retention_days: int
    alarms: bool
    alarm_topic: str
    dns_zone: str
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Permission:
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """The typed escape hatch: a merge or a JSON Patch on the artifacts that `target` names (`kubernetes/Deployment`)."""

    target: str
    name: str
    merge: object
    json_patch: tuple[object, ...]
    at: Route = ()


# --- the whole ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resolved:
    """One service in one environment."""

    name: str
    environment: str
    namespace: str
    team: str
    description: str
    labels: tuple[tuple[str, str], ...]
    """Labels of the user's own, for every object."""
    annotations: tuple[tuple[str, str], ...]
    version: str
    """appVersion: the image tag for an image built elsewhere, else "0.0.0"."""
    image: Image
    build: Build | None
    server: Workload | None
    """The main workload; None for a service of jobs or workers only."""
    workers: tuple[Workload, ...]
    jobs: tuple[Workload, ...]
    needs: tuple[Need, ...]
    configs: tuple[ConfigObject, ...]
    secrets: tuple[SecretObject, ...]
    account: Account
    expose: Expose | None
    access: Access
    metrics: Metrics | None
    ci: Ci
    cloud: Cloud
    patches: tuple[Patch, ...]
    at: Route = ()

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """All pod templates: the server, the workers, the jobs."""
        return (*((self.server,) if self.server else ()), *self.workers, *self.jobs)

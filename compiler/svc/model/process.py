"""Parts of the language that describe one process: ports, health, environment, files, volumes, resources."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Tag, model_validator

from svc.model.base import Part, about, required
from svc.model.scalars import (
    AbsolutePath,
    Capability,
    Count,
    CountOrPercent,
    Cpu,
    Duration,
    EnvName,
    FileMode,
    Flag,
    ImageReference,
    LabelKey,
    Memory,
    NodePort,
    Percent,
    PortName,
    PortNumber,
    PortReference,
    Positive,
    Quantity,
    RelativePath,
    Spelled,
    SubdomainName,
    Text,
    UrlPath,
    UserId,
    refuse,
)

Command = list[Text]


class Port(Part):
    """A port that the process opens; short form: the number."""

    SHORT: ClassVar[str] = "port"
    SHORT_MERGES: ClassVar[bool] = True
    port: PortNumber = required("The port that the process opens.", 8080)
    protocol: Literal["http", "https", "grpc", "tcp", "udp"] | None = about(
        "What is spoken on it; guessed from the name (grpc, http...), else http for the first port and tcp for others.",
        "grpc",
    )
    service: PortNumber | None = about("The port of the Service before it; the same number unless given.", 80)
    node_port: NodePort | None = about("A fixed port on every node; needs `service: {type: NodePort}`.", 30080)
    app_protocol: Text | None = about(
        "appProtocol of the Service port, when the protocol does not say enough.", "kubernetes.io/h2c"
    )


class HttpProbe(Part):
    """A GET that must answer 200 to 399; short form: the path."""

    SHORT: ClassVar[str] = "path"
    SHORT_MERGES: ClassVar[bool] = True
    path: UrlPath = required("The path, with a leading slash.", "/healthz")
    port: PortReference | None = about("Name or number of the port; the first HTTP port unless given.", "http")
    headers: dict[Text, Text] = about("Request headers.", {"Cookie": "probe=1"}, default_factory=dict)
    scheme: Literal["http", "https"] | None = about("http unless the port's protocol is https.")


class GrpcProbe(Part):
    """The standard gRPC health service; short form: the port's name or number."""

    SHORT: ClassVar[str] = "port"
    port: PortReference = required("Name or number of the port.", "grpc")
    service: Text | None = about("The service name in the health request.", "checkout")


class TcpProbe(Part):
    """A connection that must open; short form: the port's name or number."""

    SHORT: ClassVar[str] = "port"
    port: PortReference = required("Name or number of the port.", 5432)


class Probe(Part):
    """One question to the process, with its timings. Exactly one of http, grpc, tcp, exec."""

    http: HttpProbe | None = about("An HTTP GET.", "/healthz")
    grpc: GrpcProbe | None = about("A gRPC health check.", "grpc")
    tcp: TcpProbe | None = about("A TCP connection.", 5432)
    exec: Command | None = about("A command in the container that must exit 0.", ["pg_isready"])
    initial_delay: Duration | None = about("Wait before the first question.", "10s")
    period: Duration | None = about("Time between questions; 5s for ready, 10s for live and startup.", "10s")
    timeout: Duration | None = about("How long an answer may take; must not exceed the period. 1s unless given.", "1s")
    failures: Positive | None = about("Failures in a row that count; 3 unless given (30 for startup).", 3)
    successes: Positive | None = about("Successes in a row that count; must be 1 for live and startup.", 1)


def _is_flag(value: Any) -> str:
    return (
        "flag" if isinstance(value, bool) or (isinstance(value, Spelled) and isinstance(value.value, bool)) else "probe"
    )


def _is_list(value: Any) -> str:
    if isinstance(value, dict | StopRequest):
        return "request"
    return "command" if isinstance(value, list) else "wait"


class StopRequest(Part):
    """A GET to the process before SIGTERM."""

    http: HttpProbe = required("What is asked.", {"path": "/drain", "port": "http"})


ProbeOrOff = Annotated[Annotated[Probe, Tag("probe")] | Annotated[Flag, Tag("flag")], Discriminator(_is_flag)]
WaitOrCommand = Annotated[
    Annotated[Duration, Tag("wait")] | Annotated[Command, Tag("command")] | Annotated[StopRequest, Tag("request")],
    Discriminator(_is_list),
]


class Health(Probe):
    """One endpoint for readiness and liveness, or each on its own; short form: the path of `http`. `live: false` turns one off."""

    ready: ProbeOrOff | None = about("When the process may get traffic.", {"http": "/ready"})
    live: ProbeOrOff | None = about("When the process must be restarted.", {"http": "/live"})
    startup: ProbeOrOff | None = about("Until it succeeds the other two wait.", {"http": "/live", "failures": 30})

    @model_validator(mode="before")
    @classmethod
    def _switches(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"http": value}
        return value


class EnvFromSource(Part):
    """A variable whose value stands in an existing Secret or ConfigMap."""

    SHORT: ClassVar[str] = "value"
    value: Text | None = about(
        "The text; ${...} refers to services, needs, secrets, the pod and earlier variables.", "info"
    )
    secret: SubdomainName | None = about("An existing Secret.", "elasticache-redis")
    config: SubdomainName | None = about("An existing ConfigMap.", "environment-config")
    key: Text | None = about("The key in it; the variable's name unless given.", "auth_token")
    optional: Flag = about("The pod starts without it.", default=False)

    @model_validator(mode="after")
    def _one_source(self) -> EnvFromSource:
        given = [name for name in ("value", "secret", "config") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse(
                "a variable has exactly one of value, secret, config"
                + (f"; found {' and '.join(given)}" if given else "")
            )
        return self


class EnvFrom(Part):
    """All keys of an existing ConfigMap or Secret as variables."""

    secret: SubdomainName | None = about("An existing Secret.", "orders-db")
    config: SubdomainName | None = about("An existing ConfigMap.", "environment-config")
    prefix: Text = about("Put before every key.", "DB_", default="")
    optional: Flag = about("The pod starts without it.", default=False)

    @model_validator(mode="after")
    def _one_source(self) -> EnvFrom:
        if (self.secret is None) == (self.config is None):
            raise refuse("env_from needs exactly one of secret, config")
        return self


class Secret(Part):
    """A secret variable: from a path in the secret store, or from an existing Kubernetes Secret. Never a value."""

    SHORT: ClassVar[str] = "from"
    from_: Text | None = about("Path in the secret store.", "payments/stripe", alias="from")
    secret: SubdomainName | None = about("An existing Kubernetes Secret, instead of `from`.", "hmpps-prisoner-profile")
    key: Text | None = about("Property at the path, or key in the Secret; the variable's name unless given.", "api_key")
    file: AbsolutePath | None = about("Mount it as this file instead of setting a variable.", "/run/secrets/token")
    optional: Flag = about("The pod starts without it.", default=False)

    @model_validator(mode="after")
    def _one_source(self) -> Secret:
        if (self.from_ is None) == (self.secret is None):
            raise refuse(
                "a secret has exactly one of from (a path in the secret store) and secret (an existing Secret)"
            )
        return self


class File(Part):
    """A file, or with `items` a folder of files, in the container. Read-only."""

    SHORT: ClassVar[str] = "content"
    source: RelativePath | None = about("A file beside the spec whose text is put into a ConfigMap.", "config.yaml")
    content: Text | None = about("The text itself.", "level: info\n")
    config: SubdomainName | None = about("An existing ConfigMap.", "sentry-config")
    secret: SubdomainName | None = about("An existing Secret.", "jwt-key")
    key: Text | None = about("One key of it, mounted at exactly this path.", "config.yml")
    items: dict[Text, Text] = about(
        "File name -> key: the path is then a folder that holds just these.",
        {"privatekey": "jwtRS256.key"},
        default_factory=dict,
    )
    mode: FileMode | None = about("Octal mode of the files.", "0440")
    optional: Flag = about("The pod starts without it.", default=False)

    @model_validator(mode="after")
    def _one_source(self) -> File:
        given = [name for name in ("source", "content", "config", "secret") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse(
                "a file has exactly one of source, content, config, secret"
                + (f"; found {' and '.join(given)}" if given else "")
            )
        if self.key is not None and self.items:
            raise refuse("`key` mounts one file and `items` a folder: give one of them")
        return self


class Volume(Part):
    """Storage at a path: persistent (`size`), scratch, or a claim made elsewhere (`claim`)."""

    size: Memory | None = about("Size of a persistent volume, or limit of a scratch one.", "10Gi")
    access: Literal["once", "once-pod", "many", "read-only"] | None = about(
        "Who mounts a persistent volume: one node (a volume per replica, StatefulSet), one pod, or many.", "once"
    )
    keep: Flag = about("Keep the data when the service is scaled down or removed.", default=True)
    storage_class: SubdomainName | None = about("Storage class; the cluster's default unless given.", "gp3")
    annotations: dict[LabelKey, Text] = about("Annotations of the claim.", default_factory=dict)
    scratch: Literal["disk", "memory"] | None = about("Empty at every start, on disk or in memory.", "memory")
    claim: SubdomainName | None = about("An existing PersistentVolumeClaim.", "shared-data")
    sub_path: Text = about("Mount this folder of the volume only.", "postgres", default="")
    read_only: Flag = about("Mount it read-only.", default=False)

    @model_validator(mode="after")
    def _one_kind(self) -> Volume:
        if self.scratch and (self.access or self.claim or self.storage_class):
            raise refuse("a scratch volume has no access, claim or storage_class")
        if not self.scratch and not self.claim and self.size is None:
            raise refuse("a volume needs size (persistent), scratch: disk or memory, or claim (an existing one)")
        return self


class Amounts(Part):
    """Amounts of resources."""

    cpu: Cpu | None = about("CPU: cores or thousandths of one.", "100m")
    memory: Memory | None = about("Memory.", "128Mi")
    storage: Memory | None = about("Ephemeral storage on the node's disk.", "1Gi")


class Resources(Amounts):
    """Short: requests, from which limits follow. Long: `requests` and `limits`."""

    requests: Amounts | None = about("What the scheduler reserves.", {"cpu": "100m", "memory": "128Mi"})
    limits: Amounts | None = about(
        "What the process may use at most; memory as requested, CPU ten times the request unless given.",
        {"memory": "256Mi"},
    )

    @model_validator(mode="after")
    def _one_form(self) -> Resources:
        if self.requests is not None and any(getattr(self, name) is not None for name in ("cpu", "memory", "storage")):
            raise refuse(
                "cpu, memory and storage are requests already: put them under `requests`, or leave `requests` out"
            )
        return self


class Scale(Part):
    """How many replicas: a number, or a range with what drives it."""

    SHORT: ClassVar[str] = "replicas"
    replicas: Count | None = about("A fixed number.", 3)
    min: Count | None = about("At least so many.", 2)
    max: Positive | None = about("At most so many; makes an autoscaler.", 10)
    cpu: Percent | None = about("Target CPU utilization of the request.", "70%")
    memory: Percent | None = about("Target memory utilization of the request.", "80%")
    metrics: dict[Text, Quantity] = about(
        "Custom pod metric -> average value per pod.", {"queue_depth": "30"}, default_factory=dict
    )
    external: dict[Text, Quantity] = about(
        "Metric from outside the cluster -> average value per pod.", {"orders_waiting": "100"}, default_factory=dict
    )
    scale_up_window: Duration | None = about("How long to look back before adding replicas.", "1m")
    scale_down_window: Duration | None = about("How long to look back before removing replicas.", "5m")

    @model_validator(mode="after")
    def _consistent(self) -> Scale:
        driven = [name for name in ("max", "cpu", "memory") if getattr(self, name) is not None]
        driven += [name for name in ("metrics", "external") if getattr(self, name)]
        if self.replicas is not None and (driven or self.min is not None):
            other = "min" if self.min is not None else driven[0]
            raise refuse(
                f"`replicas` is a fixed number and `{other}` makes an autoscaler: they exclude each other; write min and max, or replicas alone",
                "replicas",
            )
        if self.max is not None and self.min is not None and self.max < self.min:
            raise refuse(f"max {self.max} is less than min {self.min}", "max")
        if driven and self.max is None:
            raise refuse(f"`{driven[0]}` drives an autoscaler, which needs `max`")
        return self


class Rollout(Part):
    """How a new version replaces the old one."""

    strategy: Literal["rolling", "recreate"] = about("Replace one by one, or stop all first.", default="rolling")
    max_surge: CountOrPercent | None = about("Extra pods during a rolling update; 25% unless given.", "25%")
    max_unavailable: CountOrPercent | None = about("Missing pods during a rolling update; 0 unless given.", "0")
    grace: Duration | None = about("Time between SIGTERM and SIGKILL; 30s unless given.", "30s")
    pre_stop: WaitOrCommand | None = about("Seconds to wait, a command to run, or a request, before SIGTERM.", "5s")
    min_ready: Duration = about("How long a new pod must be ready to count.", "10s", default=0)
    deadline: Duration = about("When a rollout that makes no progress has failed.", "10m", default=600)
    history: Count = about("Old versions kept for rollback.", default=3)

    @model_validator(mode="after")
    def _recreate_has_no_rolling_values(self) -> Rollout:
        rolling = [name for name in ("max_surge", "max_unavailable") if getattr(self, name) is not None]
        if self.strategy == "recreate" and rolling:
            raise refuse(
                f"strategy recreate stops all pods first, so `{rolling[0]}` means nothing: remove it, or write strategy: rolling",
                rolling[0],
            )
        return self


class Container(Part):
    """A container beside the main one."""

    image: ImageReference | None = about("Its image; the service's own unless given.", "busybox:1.38.0@sha256:...")
    command: Command | None = about("Replaces the image's ENTRYPOINT.", ["./migrate"])
    args: Command | None = about("Replaces the image's CMD.", ["--wait"])
    workdir: AbsolutePath | None = about("Working directory.", "/app")
    user: UserId | None = about("Numeric user.", 10001)
    env: dict[EnvName, EnvFromSource] = about("Variables.", {"LOG_LEVEL": "info"}, default_factory=dict)
    env_from: list[EnvFrom] = about("Whole ConfigMaps and Secrets as variables.", default_factory=list)
    secrets: dict[EnvName, Secret] = about("Secret variables.", default_factory=dict)
    files: dict[AbsolutePath, File] = about("Files.", default_factory=dict)
    ports: dict[PortName, Port] = about("Ports it opens.", default_factory=dict)
    health: Health | None = about("Probes.")
    resources: Resources | None = about("Resources.", {"cpu": "10m", "memory": "32Mi"})
    share: list[AbsolutePath] = about(
        "Volumes of the main process, by path, that it sees too.", ["/data"], default_factory=list
    )
    writable: list[AbsolutePath] = about("Paths that it may write to (scratch).", default_factory=list)
    capabilities: list[Capability] = about("Added Linux capabilities.", default_factory=list)

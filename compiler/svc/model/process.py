"""One process: its ports, its resources, and containers beside it."""

from __future__ import annotations

from typing import ClassVar, Literal

from svc.model.base import Command, Part, about, required
from svc.model.env import EnvFrom, EnvFromSource, Secret
from svc.model.health import Health
from svc.model.mapped import after
from svc.model.scalars import (
    AbsolutePath,
    Capability,
    Cpu,
    EnvName,
    ImageReference,
    Memory,
    NodePort,
    PortName,
    PortNumber,
    Text,
    UserId,
)
from svc.model.spelled import refuse
from svc.model.storage import File


class Port(Part):
    """A port that the process opens; short form: the number."""

    SHORT: ClassVar[str] = "port"
    SHORT_MERGES: ClassVar[bool] = True
    port: PortNumber = required("The port that the process opens.", 8080)
    protocol: Literal["http", "https", "grpc", "tcp", "udp"] | None = about(
        "What is spoken on it; guessed from the name (grpc, http, metrics...), else http where no other port's name tells more, and tcp.",
        "grpc",
    )
    service: PortNumber | None = about(
        "The port of the Service before it; the same number unless given. A sidecar's port is in the Service when it says this or `node_port`, or is exposed or measured.",
        80,
    )
    node_port: NodePort | None = about("A fixed port on every node; needs `service: {type: NodePort}`.", 30080)
    app_protocol: Text | None = about(
        "appProtocol of the Service port, when the protocol does not say enough.", "kubernetes.io/h2c"
    )


class Amounts(Part):
    """Amounts of resources."""

    cpu: Cpu | None = about("CPU: cores or thousandths of one.", "100m")
    memory: Memory | None = about("Memory; what its language begins with unless given.", "128Mi")
    storage: Memory | None = about("Ephemeral storage on the node's disk.", "1Gi")


class Resources(Amounts):
    """Short: requests, from which limits follow. Long: `requests` and `limits`."""

    requests: Amounts | None = about("What the scheduler reserves.", {"cpu": "100m", "memory": "128Mi"})
    limits: Amounts | None = about(
        "What the process may use at most; memory as requested, CPU ten times the request unless given.",
        {"memory": "256Mi"},
    )

    @after
    def _one_form(self) -> Resources:
        if self.requests is not None and any(getattr(self, name) is not None for name in ("cpu", "memory", "storage")):
            raise refuse(
                "cpu, memory and storage are requests already: put them under `requests`, or leave `requests` out"
            )
        return self


class Container(Part):
    """A container beside the main one."""

    IN_ORDER = frozenset(("env",))

    image: ImageReference | None = about("Its image; the service's own unless given.", "busybox:1.38.0")
    command: Command | None = about("Replaces the image's ENTRYPOINT.", ["./migrate"])
    args: Command | None = about("Replaces the image's CMD.", ["--wait"])
    workdir: AbsolutePath | None = about("Working directory.", "/app")
    user: UserId | None = about("Numeric user.", 10001)
    env: dict[EnvName, EnvFromSource] = about("Variables.", {"LOG_LEVEL": "info"}, default_factory=dict)
    env_from: list[EnvFrom] = about(
        "Whole ConfigMaps and Secrets as variables.", [{"config": "environment-config"}], default_factory=list
    )
    secrets: dict[EnvName, Secret] = about(
        "Secret variables.", {"STRIPE_KEY": {"from": "payments/stripe", "key": "api_key"}}, default_factory=dict
    )
    files: dict[AbsolutePath, File] = about(
        "Files.", {"/etc/app/config.yaml": {"source": "config.yaml"}}, default_factory=dict
    )
    ports: dict[PortName, Port] = about("Ports it opens.", {"admin": 9901}, default_factory=dict)
    health: Health | None = about("Probes.", {"http": "/healthz"})
    resources: Resources | None = about(
        "Resources; a step, job or worker of the service's image has its memory unless given.",
        {"cpu": "10m", "memory": "32Mi"},
    )
    share: list[AbsolutePath] = about(
        "Volumes of the main process, by path, that it sees too.", ["/data"], default_factory=list
    )
    writable: list[AbsolutePath] = about("Paths that it may write to (scratch).", ["/tmp"], default_factory=list)
    capabilities: list[Capability] = about("Added Linux capabilities.", ["NET_BIND_SERVICE"], default_factory=list)

"""One process: what its container is given."""

from __future__ import annotations

from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass
from svc.resolve.types.images import Image

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

    @property
    def starting(self) -> int:
        """Seconds in which a failure is none yet, for what knows one question alone."""
        asked = self.ready or self.live
        delay = asked.initial_delay if asked is not None else 0
        first = self.startup
        return max(10, delay, first.initial_delay + first.period * first.failure if first is not None else 0)


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

    @property
    def helper(self) -> bool:
        """Made by svc for a secret inside a longer text: what the spec has is found under its own name."""
        return self.name.startswith("SVC_") and self.name not in self.at


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

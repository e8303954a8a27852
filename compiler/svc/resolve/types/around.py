"""Around the workloads: configuration, secrets, the ways in and out, the account, metrics."""

from __future__ import annotations

from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass
from svc.resolve.types.process import Port


@dataclass(frozen=True, slots=True)
class ConfigObject:
    """A ConfigMap that we make. `data` in the spec's order; `routes`: what caused each, where that is known."""

    name: str
    data: tuple[tuple[str, str], ...]
    at: Route = ()
    routes: tuple[Route, ...] = ()


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
    at: Route = ()
    """The mapping that has the key `path`."""


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
    each other; `ingress-controller` and `monitoring` are well-known peers named by `role`, `anyone` is whoever reaches
    a Service that nodes or a load balancer open to the outside."""

    service: str = ""
    namespace: str = ""
    cidr: str = ""
    host: str = ""
    role: Literal["", "anyone", "ingress-controller", "monitoring", "dns"] = ""
    ports: tuple[tuple[int, Literal["TCP", "UDP"]], ...] = ()
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A service of the workspace whose address is used here, or that `access` names."""

    service: str
    waits: bool
    """By a job before the deploy or a step before the start, of their own: the other one has to be there first."""
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

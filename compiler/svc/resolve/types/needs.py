"""Backing services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass, field
from svc.resolve.types.images import Image
from svc.resolve.types.process import EnvValue, Variable

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

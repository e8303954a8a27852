"""Backing services."""

from __future__ import annotations

from typing import ClassVar, Literal

from svc.model.base import Part, about, required
from svc.model.scalars import Flag, Memory, NeedVersion, PortNumber, SubdomainName, Text
from svc.model.texts import Address


class Need(Part):
    """A backing service; the same variables whatever realises it."""

    SHORT: ClassVar[str] = "type"
    SHORT_MERGES: ClassVar[bool] = True
    type: Literal["postgres", "mysql", "redis", "rabbitmq", "mongodb", "queue", "topic", "bucket"] = required(
        "What it is.", "postgres"
    )
    version: NeedVersion | None = about("Major version; a current one unless given.", "17")
    size: Literal["small", "medium", "large"] = about("Size of the instance.", default="small")
    storage: Memory | None = about("Disk space.", "20Gi")
    realise: Literal["container", "in-cluster", "managed", "existing"] | None = about(
        "A managed cloud service, a StatefulSet in the cluster, one that exists already; a container is for local work.",
        "managed",
    )
    secret: SubdomainName | None = about(
        "Kubernetes Secret with the connection, for `existing` (or to name it yourself).", "elasticache-redis"
    )
    keys: dict[Text, Text] = about(
        "Output -> key in that Secret, where they differ.", {"host": "primary_endpoint_address"}, default_factory=dict
    )
    host: Address | None = about("Address of an existing one, when it is no secret.", "redis-cart")
    port: PortNumber | None = about("Port of an existing one.", 6379)
    multi_zone: Flag | None = about("Standby in another zone; on for medium and large.")
    fifo: Flag = about("Order-preserving queue or topic.", default=False)

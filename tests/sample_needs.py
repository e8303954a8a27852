"""Resolved needs and the Secrets that hold their outputs, as `sample_parts` has the rest of a service."""

from __future__ import annotations

from typing import Any

from svc.resolve import names
from svc.resolve.types.around import SecretEntry, SecretObject
from svc.resolve.types.images import Image
from svc.resolve.types.needs import Need
from svc.resolve.types.process import EnvValue, Literal_, SecretKey, Variable

POSTGRES = Image(
    "postgres", "17.11-alpine3.24", "sha256:18cfe3ef5e6815560c98237d6216d1e5119702fb0f3894c8785dd58b8bbe5d73", False
)
REDIS = Image(
    "redis", "7.4.11-alpine", "sha256:858f009f9709ce576febc734aa78b8f6d624b82571f9ddb6bda4377c833b3499", False
)


def _outputs(secret: str, *keys: str) -> dict[str, EnvValue]:
    return {key: SecretKey(secret, key) for key in keys}


def postgres(service: str, environment: str, realise: Any, name: str = "db") -> Need:
    object_name = names.need_object(service, name)
    return Need(
        name=name,
        object_name=object_name,
        type="postgres",
        version="17",
        size="large" if environment == "production" else "small",
        storage="20Gi",
        realise=realise,
        secret=object_name,
        path=names.need_secret_path(environment, service, name),
        outputs=_outputs(object_name, "url", "host", "port", "name", "user", "password"),
        image=POSTGRES,
        port=5432,
        env=(
            Variable("POSTGRES_DB", SecretKey(object_name, "name")),
            Variable("POSTGRES_USER", SecretKey(object_name, "user")),
            Variable("POSTGRES_PASSWORD", SecretKey(object_name, "password")),
            Variable("PGDATA", Literal_("/var/lib/postgresql/data/pgdata")),
        ),
        data_path="/var/lib/postgresql/data",
        healthcheck=("sh", "-c", 'pg_isready --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"'),
        user=70,
        multi_zone=environment == "production",
        at=("needs", name),
    )


def redis(service: str, environment: str, realise: Any, name: str = "cache") -> Need:
    object_name = names.need_object(service, name)
    return Need(
        name=name,
        object_name=object_name,
        type="redis",
        version="7",
        size="small",
        storage="",
        realise=realise,
        secret=object_name,
        path=names.need_secret_path(environment, service, name),
        outputs=_outputs(object_name, "url", "host", "port"),
        image=REDIS,
        port=6379,
        command=("redis-server", "--save", "", "--appendonly", "no"),
        healthcheck=("redis-cli", "ping"),
        data_path="/data",
        user=999,
        at=("needs", name),
    )


def managed(service: str, environment: str, name: str, kind: Any, realise: Any = "managed") -> Need:
    """A queue, topic or bucket: nothing in the cluster but its connection."""
    object_name = names.need_object(service, name)
    return Need(
        name=name,
        object_name=object_name,
        type=kind,
        version="",
        size="small",
        storage="",
        realise=realise,
        secret=object_name,
        path=names.need_secret_path(environment, service, name),
        outputs=_outputs(object_name, "url", "name"),
        at=("needs", name),
    )


def need_secret(need: Need) -> SecretObject:
    entries = tuple(SecretEntry(key, need.path, key, need.at) for key in sorted(need.outputs))
    return SecretObject(need.secret, "platform", "ClusterSecretStore", "1h", entries, need.at)

"""ConfigMaps that we make, and Secrets that the external store fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve.types.around import ConfigObject, SecretEntry, SecretObject
from svc.resolve.types.whole import Resolved
from svc.tree import At, without_none

COMPONENT = "config"


def configs(resolved: Resolved) -> Iterator[Manifest]:
    for one in resolved.configs:
        yield config_map(one, meta.metadata(resolved, one.name, COMPONENT))


def config_map(config: ConfigObject, head: dict[str, Any]) -> Manifest:
    routes = config.routes or (config.at,) * len(config.data)
    data = {key: At(at, text) for (key, text), at in zip(config.data, routes, strict=True)}
    return meta.manifest("v1", "ConfigMap", head, config.at, data=data)


def secrets(resolved: Resolved) -> Iterator[Manifest]:
    for one in resolved.secrets:
        yield external_secret(one, one.name, meta.metadata(resolved, one.name, COMPONENT))


def external_secret(secret: SecretObject, name: str, head: dict[str, Any]) -> Manifest:
    """An ExternalSecret that fills the Secret `name`, and takes it along when it goes."""
    spec = {
        "refreshInterval": secret.refresh,
        "secretStoreRef": {"kind": secret.store_kind, "name": secret.store},
        "target": {"name": name, "creationPolicy": "Owner"},
        "data": [At(one.at or secret.at, _entry(one)) for one in secret.entries],
    }
    return meta.manifest("external-secrets.io/v1", "ExternalSecret", head, secret.at, spec=spec)


def _entry(entry: SecretEntry) -> dict[str, Any]:
    remote = without_none({"key": entry.path, "property": entry.property or None})
    return {"secretKey": entry.key, "remoteRef": remote}

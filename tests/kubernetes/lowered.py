"""The objects that a service becomes."""

from __future__ import annotations

from svc.kubernetes.lower import lower
from svc.kubernetes.types import Manifest
from svc.resolve.types.whole import Resolved


def found(service: Resolved, kind: str, name: str) -> Manifest:
    [one] = [one for one in lower(service).manifests if (one.kind, one.name) == (kind, name)]
    return one


def listed(service: Resolved) -> list[str]:
    return [f"{one.kind}/{one.name}" for one in lower(service).manifests]


def problems(service: Resolved) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(one.id, one.route) for one in lower(service).problems]

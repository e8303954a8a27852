"""Readiness and liveness are the same probe: what should take a pod out of rotation restarts it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping

ACTIONS = ("httpGet", "tcpSocket", "exec", "grpc")
KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers("containers"):
        ready, live = mapping(container, "readinessProbe"), mapping(container, "livenessProbe")
        action = {key: ready.get(key) for key in ACTIONS}
        same_patience = ready.get("failureThreshold", 3) == live.get("failureThreshold", 3)
        if ready and live and action == {key: live.get(key) for key in ACTIONS} and same_patience:
            yield (*route, "livenessProbe"), f"liveness and readiness of {name(container)} are the same probe"

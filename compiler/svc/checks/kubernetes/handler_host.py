"""A probe or lifecycle hook makes the kubelet talk to another host than the pod."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mapping

PLACES = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.kubernetes < 34:
        return
    for route, container in manifest.containers():
        for place in PLACES:
            for action in ("httpGet", "tcpSocket"):
                host = mapping(container, *place, action).get("host")
                if host:
                    message = f"{name(container)} makes the kubelet call host `{host}` instead of the pod"
                    yield (*route, *place, action, "host"), message

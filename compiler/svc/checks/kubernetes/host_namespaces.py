"""The pod shares its node's network, processes or IPC."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, is_true
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.pod is None or manifest.pod_route is None:
        return
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if is_true(manifest.pod.get(field)):
            yield (*manifest.pod_route, field), f"the pod shares a namespace with its node: {field} is true"

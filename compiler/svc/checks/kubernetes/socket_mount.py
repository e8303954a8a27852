"""The container runtime's socket is mounted: whoever can talk to it is root on the node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping, mappings

SOCKETS = ("/docker.sock", "/containerd.sock", "/crio.sock", "/cri-dockerd.sock", "/podman.sock")
KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.pod is None or manifest.pod_route is None:
        return
    for index, volume in mappings(manifest.pod, "volumes"):
        path = str(mapping(volume, "hostPath").get("path", ""))
        if path.rstrip("/").endswith(SOCKETS):
            route = (*manifest.pod_route, "volumes", index, "hostPath", "path")
            yield route, f"volume `{volume.get('name')}` is the container runtime's socket `{path}`"

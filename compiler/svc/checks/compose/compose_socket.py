"""The container runtime's socket is mounted: whoever can talk to it is root on the host."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.targets.compose.types import ComposeFile
from svc.tree import items


def check(compose: ComposeFile, _: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        for index, volume in enumerate(items(service, "volumes")):
            source = volume.get("source") if isinstance(volume, dict) else str(volume).partition(":")[0]
            if str(source).endswith(("docker.sock", "containerd.sock", "podman.sock")):
                yield ("services", name, "volumes", index), f"service `{name}` has the container runtime's socket"

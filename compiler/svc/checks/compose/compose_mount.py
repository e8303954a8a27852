"""A folder of the host that belongs to the system is mounted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from svc.checks._pods import Found, items
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile


@dataclass(frozen=True, slots=True)
class Params:
    paths: tuple[str, ...] = (
        "/",
        "/boot",
        "/dev",
        "/etc",
        "/proc",
        "/root",
        "/run",
        "/sys",
        "/usr",
        "/var",
        "/var/lib",
    )


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        for index, volume in enumerate(items(service, "volumes")):
            source = _source(volume)
            if source.startswith("/") and posixpath.normpath(source) in params.paths:
                yield ("services", name, "volumes", index), f"service `{name}` has the host's `{source}`"


def _source(volume: Any) -> str:
    if isinstance(volume, dict):
        return str(volume.get("source", ""))
    source, colon, _ = str(volume).partition(":")
    return source if colon else ""

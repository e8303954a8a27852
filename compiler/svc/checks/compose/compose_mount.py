"""A folder of the host that belongs to the system is mounted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from svc.checks.pods import Found
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile
from svc.tree import items

_SHARED = frozenset(("shared", "rshared", "slave", "rslave"))


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
    propagated: bool = False
    """Instead, mounts whose own mounts are shared with the host."""


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        for index, volume in enumerate(items(service, "volumes")):
            source = _source(volume)
            if params.propagated:
                if _propagation(volume):
                    words = f"service `{name}` shares what is mounted below `{source}` with the host"
                    yield ("services", name, "volumes", index), words
            elif source.startswith("/") and posixpath.normpath(source) in params.paths:
                yield ("services", name, "volumes", index), f"service `{name}` has the host's `{source}`"


def _source(volume: Any) -> str:
    if isinstance(volume, dict):
        return str(volume.get("source", ""))
    source, colon, _ = str(volume).partition(":")
    return source if colon else ""


def _propagation(volume: Any) -> bool:
    if isinstance(volume, dict):
        bind = volume.get("bind")
        return isinstance(bind, dict) and bind.get("propagation") in _SHARED
    return bool(set(str(volume).rpartition(":")[2].split(",")) & _SHARED)

"""A WORKDIR that the system's own files live in."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile, unquoted

_EMPTY = ("scratch", "distroless")
"""Bases with no files of a system in the root."""


@dataclass(frozen=True, slots=True)
class Params:
    folders: tuple[str, ...] = (
        "bin",
        "boot",
        "dev",
        "etc",
        "lib",
        "proc",
        "sbin",
        "sys",
        "usr/bin",
        "usr/lib",
        "usr/sbin",
    )


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for stage in dockerfile.stages:
        empty = not dockerfile.read("FROM") or any(word in stage.base for word in _EMPTY)
        for route, one in stage.find("WORKDIR"):
            path = unquoted(one.args[0]) if one.args else ""
            inner = path.strip("/")
            if path.startswith("/") and ((not inner and not empty) or inner in params.folders):
                yield route, f"WORKDIR `{path}` holds the system's own files"

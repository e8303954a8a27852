"""The final stage says nothing about its health."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.checks._docker import Found, lineage
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class Params:
    """None."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    line = lineage(dockerfile)
    if line and not any(list(stage.find("HEALTHCHECK")) for stage in line):
        yield ("instructions", line[0].first), "the image has no HEALTHCHECK"

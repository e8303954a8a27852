"""The final stage says nothing about its health."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, lineage
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    line = lineage(dockerfile) if dockerfile.read("HEALTHCHECK") else []
    if line and not any(list(stage.find("HEALTHCHECK")) for stage in line):
        yield ("instructions", line[0].first), "the image has no HEALTHCHECK"

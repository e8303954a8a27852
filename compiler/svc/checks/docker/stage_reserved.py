"""A stage whose name means something else to the builder."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile

RESERVED = ("context", "scratch")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for stage in dockerfile.stages:
        if stage.name.lower() in RESERVED:
            yield ("instructions", stage.first), f"a stage cannot be called `{stage.name}`"

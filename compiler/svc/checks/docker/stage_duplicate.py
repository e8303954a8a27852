"""Two stages have one name."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    seen: set[str] = set()
    for stage in dockerfile.stages:
        if stage.name and stage.name.lower() in seen:
            yield ("instructions", stage.first), f"there is an earlier stage `{stage.name}`"
        seen.add(stage.name.lower())

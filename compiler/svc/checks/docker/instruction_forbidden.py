"""An instruction that should not be used."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class Params:
    keyword: str = "MAINTAINER"
    verdict: str = "deprecated"


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for route, _one in every(dockerfile, params.keyword):
        yield route, f"{params.keyword} is {params.verdict}"

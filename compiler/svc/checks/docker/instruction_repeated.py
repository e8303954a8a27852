"""An instruction of which only the last one in a stage counts, written twice."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class Params:
    keyword: str = "CMD"


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for stage in dockerfile.stages:
        for route, _one in list(stage.find(params.keyword))[:-1]:
            yield route, f"a later {params.keyword} of the same stage replaces this one"

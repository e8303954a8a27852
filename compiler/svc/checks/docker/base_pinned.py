"""A base image without a digest: the same Dockerfile builds another image tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, fetched
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, named, image in fetched(dockerfile):
        if not image.digest:
            yield route, f"{named} has no digest"

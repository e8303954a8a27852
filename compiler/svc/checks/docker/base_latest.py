"""A base image, or one that files are copied from, without a tag, or `latest`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, fetched
from svc.checks._params import NoParams as Params
from svc.suggest import close
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, named, image in fetched(dockerfile):
        if not image.digest and image.tag in ("", "latest"):
            how = "can be anything" if image.tag else "has no tag, so it is `latest`, which can be anything"
            stages = [one.name for one in dockerfile.stages if one.name and one.first < int(route[1])]
            meant = close(image.repository, stages, 0.75) if not image.tag and len(route) > 1 else ""
            yield route, f"{named} {how}" + (f"; did you mean the stage `{meant}`?" if meant else "")

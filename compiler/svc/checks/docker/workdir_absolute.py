"""A relative WORKDIR depends on the base image."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for stage in dockerfile.stages if dockerfile.read("WORKDIR") else ():
        known = False
        for route, one in stage.find("WORKDIR"):
            path = unquoted(one.args[0]) if one.args else ""
            absolute = path.startswith(("/", "$", "\\")) or path[1:2] == ":"
            if not absolute and not known:
                yield route, f"WORKDIR `{path}` is relative to whatever the base image says"
            known = known or absolute

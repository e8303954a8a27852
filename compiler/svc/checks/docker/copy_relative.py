"""COPY to a relative path in a stage that sets no WORKDIR: where it lands is the base image's decision."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

_ABSOLUTE = regex(r"[/\\$]|[A-Za-z]:|%")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    placed: dict[str, bool] = {}
    for stage in dockerfile.stages if dockerfile.read("WORKDIR", "FROM") else ():
        base = unquoted(stage.base).lower()
        known = placed.get(base, base == "scratch")
        for offset, one in enumerate(stage.instructions):
            copy = one.trigger or one
            known = known or one.keyword == "WORKDIR"
            target = unquoted(copy.args[-1]) if copy.keyword == "COPY" and copy.args else "/"
            if not known and not _ABSOLUTE.match(target):
                route = ("instructions", stage.first + offset)
                yield route, f"`{target}` is relative, and no WORKDIR says to what"
        placed[stage.name.lower()] = placed[str(stage.index)] = known

"""COPY --from copies a whole file system."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "COPY"):
        if one.flag("from") is not None and "/" in [unquoted(word) for word in one.args[:-1]]:
            yield route, f"`{one.flag('from')}` is copied whole"

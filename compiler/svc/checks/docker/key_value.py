"""`ENV key value` and `LABEL key value`, which set one thing and take the rest of the line."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "ENV", "LABEL"):
        if len(one.args) > 1 and "=" not in one.args[0]:
            yield route, f"`{one.keyword} {one.args[0]} ...` is the old form of `{one.keyword} {one.args[0]}=...`"

"""FROM with the platform that it has anyway."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "FROM"):
        platform = unquoted(one.flag("platform") or "")
        if platform in ("$TARGETPLATFORM", "${TARGETPLATFORM}"):
            yield route, f"--platform={platform} is the default"

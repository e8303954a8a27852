"""The whole build context is copied, and no .dockerignore says what does not belong in it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    if dockerfile.ignored is not False:
        return
    for route, one in every(dockerfile, "ADD", "COPY"):
        sources = [unquoted(word) for word in one.args[:-1]]
        whole = any(source in (".", "./", "/", "*", "./*") for source in sources)
        if whole and one.flag("from") is None and not one.flag_values("exclude"):
            yield route, "everything in the build context is copied, and there is no .dockerignore"
            return

"""A COPY of several sources needs a folder to copy to."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

_FILLED = regex(r"\$(\w+|\{\w+\})$")
"""A target that ends in a variable, which may end in `/`."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "COPY", "ADD"):
        words = [unquoted(word) for word in one.args]
        if (
            len(words) > 2
            and not words[-1].endswith("/")
            and words[-1] not in (".", "..")
            and not _FILLED.search(words[-1])
        ):
            yield route, f"several sources, but `{words[-1]}` does not end in `/`"

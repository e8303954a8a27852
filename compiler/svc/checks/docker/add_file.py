"""ADD where COPY does it: ADD also unpacks and downloads."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

REMOTE = regex(r"^(https?|git|ssh)://|^git@|\.git(#.*)?$|\.(tar|tgz|tbz2|txz|tar\.\w+|gz|xz|bz2|zst)$|\$")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "ADD"):
        sources = [unquoted(word) for word in one.args[:-1]]
        if sources and not one.heredocs and not any(REMOTE.search(source) for source in sources):
            yield route, f"ADD of `{sources[0]}`, which COPY does without surprises"

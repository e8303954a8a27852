"""A command that only makes sense with another one in the same RUN, because each RUN is a layer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, mounts, script
from svc.checks._shell import commands
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class Params:
    first: str = ""
    needs: str = ""
    mounts: tuple[str, ...] = ()
    message: str = ""


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    first, needs = re.compile(params.first), re.compile(params.needs)
    for route, run in every(dockerfile, "RUN"):
        if any(mounts(run, mount) for mount in params.mounts):
            continue
        found = list(commands(script(run)))
        if any(first.search(command) for command in found) and not any(needs.search(command) for command in found):
            yield route, params.message

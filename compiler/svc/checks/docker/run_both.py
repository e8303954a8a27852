"""Two programs for one job in one stage."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, script
from svc.checks._shell import parse
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class Params:
    programs: tuple[str, ...] = ("curl", "wget")


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    seen: set[str] = set()
    for route, one in every(dockerfile, "FROM", "RUN"):
        if one.keyword == "FROM":
            seen = set()
            continue
        names = {command.name.rpartition("/")[2] for command in parse(script(one))} & set(params.programs)
        seen |= names
        if names and len(seen) > 1:
            yield route, f"{' and '.join(f'`{name}`' for name in sorted(seen))} are both used in this stage"

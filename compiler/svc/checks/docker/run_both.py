"""Two programs for one job in one stage."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.records import dataclass
from svc.shell import Command, parse
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
        found = [command for command in parse(script(one)) if _base(command) in params.programs]
        before, seen = seen, seen | {_base(command) for command in found}
        if found and len(seen) > 1:
            other = next((command for command in found if before - {_base(command)}), found[-1])
            message = f"{' and '.join(f'`{name}`' for name in sorted(seen))} are both used in this stage"
            yield route, message, spot(one, other.at)


def _base(command: Command) -> str:
    return command.name.rpartition("/")[2]

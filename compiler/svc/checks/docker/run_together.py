"""A command that only makes sense with another one in the same RUN, because each RUN is a layer."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, mounts, script, spot
from svc.patterns import Pattern, in_command
from svc.records import dataclass
from svc.shell import parse
from svc.targets.docker.types import Dockerfile, unquoted


@dataclass(frozen=True, slots=True)
class Params:
    first: Pattern = ""
    needs: Pattern = ""
    mounts: tuple[str, ...] = ()
    message: str = ""
    kept: bool = False
    """Only where the layer stays: in the last stage, and in stages that others are built on."""


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    thrown = _thrown(dockerfile) if params.kept else ()
    for route, run in every(dockerfile, "RUN"):
        if any(route[1] in stretch for stretch in thrown):
            continue
        if any(mounts(run, mount) for mount in params.mounts):
            continue
        found = [command for command in parse(script(run)) if command.words]
        begun = next((command for command in found if in_command(params.first, command.text)), None)
        if begun is not None and not any(in_command(params.needs, command.text) for command in found):
            yield route, params.message, spot(run, begun.at)


def _thrown(dockerfile: Dockerfile) -> list[range]:
    """The instructions of stages from which files may be copied, and nothing else of which stays."""
    bases = {unquoted(stage.base).lower() for stage in dockerfile.stages}
    gone = [stage for stage in dockerfile.stages[:-1] if stage.name.lower() not in bases]
    return [range(stage.first, stage.first + len(stage.instructions)) for stage in gone]

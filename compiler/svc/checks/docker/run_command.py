"""A command in RUN that should not be there.

`pattern` is searched in each simple command, white space collapsed; a command that matches `unless` is fine, and so
is a RUN with a cache mounted over `mount`, and all of them once ENV or ARG sets `variable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, mounts, script
from svc.checks._shell import commands
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile

_OFF = ("", "0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Params:
    pattern: str = ""
    unless: str = ""
    mount: str = ""
    variable: str = ""
    message: str = "should not be here"


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    pattern, unless = re.compile(params.pattern), re.compile(params.unless) if params.unless else None
    excused = False
    for route, run in every(dockerfile, "FROM", "ENV", "ARG", "RUN"):
        if run.keyword == "FROM":
            excused = False
        if run.keyword in ("ENV", "ARG"):
            excused = excused or any(name == params.variable and value.lower() not in _OFF for name, value in run.pairs)
        if run.keyword != "RUN" or excused or (params.mount and mounts(run, params.mount)):
            continue
        text = script(run)
        for command in commands(text):
            if pattern.search(command) and not (unless and unless.search(command)):
                yield route, f"`{shortened(command)}` {params.message}"
                break


def shortened(command: str) -> str:
    return command if len(command) <= 60 else command[:57] + "..."

"""A command in RUN that should not be there.

`pattern` is searched in each simple command, white space collapsed; a command that matches `unless` is fine, and so
is one that a later one of the same RUN makes good (`undone`), a RUN with a cache mounted over `mount`, and all of them once
ENV or ARG sets `variable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from svc.checks._docker import Found, every, mounts, script, spot
from svc.patterns import Pattern, in_command
from svc.records import dataclass
from svc.shell import Command, parse
from svc.targets.docker.types import Dockerfile, unquoted

_OFF = ("", "0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Params:
    pattern: Pattern = ""
    unless: Pattern = ""
    mount: str = ""
    variable: str = ""
    undone: Pattern = ""
    message: str = "should not be here"


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    wanted = (params.pattern, params.unless, params.variable, params.undone)
    if all(_wrong(*wanted, script(run)) is None for _, run in every(dockerfile, "RUN")):
        return
    if params.variable and not dockerfile.read("ENV", "ARG"):
        return
    excused = False
    ended: dict[str, bool] = {}
    stage = ""
    for route, run in every(dockerfile, "FROM", "ENV", "ARG", "RUN"):
        if run.keyword == "FROM":
            ended[stage] = excused
            excused = ended.get(unquoted(run.args[0]).lower(), False) if run.args else False
            stage = run.args[2].lower() if len(run.args) == 3 else ""
        if run.keyword in ("ENV", "ARG"):
            excused = excused or any(name == params.variable and value.lower() not in _OFF for name, value in run.pairs)
        if run.keyword != "RUN" or excused or (params.mount and mounts(run, params.mount)):
            continue
        wrong = _wrong(*wanted, script(run))
        if wrong is not None:
            yield route, f"`{shortened(wrong.text)}` {params.message}", spot(run, wrong.at)


@lru_cache(maxsize=4096)
def _wrong(pattern: str, unless: str, variable: str, undone: str, text: str) -> Command | None:
    """The first command of a script that should not be there."""
    found = parse(text)
    for index, command in enumerate(found):
        if not command.words or not in_command(pattern, command.text):
            continue
        if unless and re.search(unless, command.text):
            continue
        if undone and any(in_command(undone, one.text) for one in found[index + 1 :]):
            continue
        if not (variable and _set(variable, found[: index + 1])):
            return command
    return None


def _set(variable: str, found: Sequence[Command]) -> bool:
    """Whether the script sets a variable: for the last command, or for all that follow an `export`."""
    given = [*found[-1].variables, *(word for one in found if one.name == "export" for word in one.words[1:])]
    pairs = [one.partition("=")[::2] for one in given]
    return any(name == variable and value.strip("'\"").lower() not in _OFF for name, value in pairs)


def shortened(command: str) -> str:
    return command if len(command) <= 60 else command[:57] + "..."

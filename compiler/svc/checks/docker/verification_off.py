"""Downloads that do not verify whom they talk to: by an option of a command, or by a variable in ARG, ENV or RUN.

`pattern` is searched in each simple command, white space collapsed. `variables`: name -> the values, as a regular expression, that switch
verification off. Names are compared without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from svc.checks._docker import Found, every, script, spot, word
from svc.checks.docker.run_command import shortened
from svc.diagnostics import Within
from svc.patterns import Pattern, in_command
from svc.records import dataclass, field
from svc.shell import parse
from svc.targets.docker.types import Dockerfile, Instruction


@dataclass(frozen=True, slots=True)
class Params:
    pattern: Pattern = ""
    variables: Mapping[str, Pattern] = field(default_factory=dict)
    message: str = "does not verify whom it talks to"


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    off = {name.lower(): values for name, values in params.variables.items()}
    for route, one in every(dockerfile, "ARG", "ENV", "RUN"):
        if one.keyword == "RUN":
            found = _in_script(one, params.pattern, off)
        else:
            switch = _switch(one.pairs, off)
            found = (switch, word(one, switch.partition("=")[0])) if switch else None
        if found is not None:
            yield route, f"`{shortened(found[0])}` {params.message}", found[1]


def _in_script(run: Instruction, pattern: str, off: Mapping[str, str]) -> tuple[str, Within] | None:
    for command in parse(script(run)):
        if in_command(pattern, command.text):
            return command.text, spot(run, command.at)
        words = command.words[1:] if command.name in ("export", "env", "declare", "setx") else ()
        found = _switch((_pair(word) for word in (*command.variables, *words) if "=" in word), off)
        if found:
            return found, spot(run, command.at)
    return None


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _switch(pairs: Iterable[tuple[str, str]], off: Mapping[str, str]) -> str:
    for name, value in pairs:
        values = off.get(name.lower())
        if values is not None and value and re.fullmatch(values, value):
            return f"{name}={value}"
    return ""

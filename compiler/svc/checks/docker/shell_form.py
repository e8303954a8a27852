"""CMD or ENTRYPOINT as shell text: the shell is process 1 and passes no signal on."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.shell import parse
from svc.targets.docker.types import Dockerfile

_BROKEN = regex(r"\[\s*['\"\u201c-\u201e\u2018-\u201a\u00ab]")
"""An array in single quotes, or one that does not end. `[ -f x ] && y` is a command of the shell."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for stage in dockerfile.stages:
        chosen = any(stage.find("SHELL")) or not dockerfile.read("SHELL")
        for keyword in ("CMD", "ENTRYPOINT"):
            for route, one in stage.find(keyword):
                if not one.args or one.exec:
                    continue
                if _BROKEN.match(one.args[0]):
                    yield route, f"{keyword} looks like an array and is no JSON, so that a shell gets it as it stands"
                elif not chosen and not _handed_over(one.args[0]):
                    yield route, f"{keyword} in shell form: the shell gets the signals, not the process"


def _handed_over(text: str) -> bool:
    """Whether the shell makes room for the process in the end: `exec ./app`."""
    commands = [one for one in parse(text) if not one.started]
    if not commands or any(one.piped for one in commands[-2:]):
        return False
    return commands[-1].name == "exec" and bool(commands[-1].arguments)

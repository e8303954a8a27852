"""A signal to stop by that the process cannot answer, or that the started server takes for an abrupt end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, lineage, script
from svc.records import dataclass
from svc.shell import parse
from svc.targets.docker.types import Dockerfile, Instruction, Stage, unquoted

_SERVERS = {
    "nginx": "SIGQUIT",
    "openresty": "SIGQUIT",
    "php-fpm": "SIGQUIT",
    "httpd": "SIGWINCH",
    "httpd-foreground": "SIGWINCH",
    "apache2": "SIGWINCH",
    "apachectl": "SIGWINCH",
    "apache2ctl": "SIGWINCH",
    "haproxy": "SIGUSR1",
    "postgres": "SIGINT",
}
"""Servers for which SIGTERM is not the graceful stop, and the signal that is."""


@dataclass(frozen=True, slots=True)
class Params:
    hint: bool = False


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    line = lineage(dockerfile) if dockerfile.read("STOPSIGNAL", "ENTRYPOINT", "CMD") else []
    said = next(((route, one) for stage in line for route, one in reversed(list(stage.find("STOPSIGNAL")))), None)
    if said is not None and not params.hint:
        signal = unquoted(said[1].args[0]).upper().removeprefix("SIG") if said[1].args else ""
        if signal in ("KILL", "9", "STOP", "19"):
            yield said[0], f"no process can answer {' '.join(said[1].args)}"
    if said is None and params.hint:
        for stage in line:
            started = _started(stage)
            if started is not None:
                wanted = _SERVERS.get(_program(started[1]), "")
                base = unquoted(line[-1].base).partition("@")[0].rpartition("/")[2].partition(":")[0]
                if wanted and _program(started[1]).partition("-")[0] not in base and base not in ("httpd", "php"):
                    yield started[0], f"{_program(started[1])} stops gracefully at {wanted}; SIGTERM cuts requests off"
                return


def _started(stage: Stage) -> tuple[tuple[str, int], Instruction] | None:
    for keyword in ("ENTRYPOINT", "CMD"):
        for offset, one in reversed(list(enumerate(stage.instructions))):
            if one.keyword == keyword:
                return ("instructions", stage.first + offset), one
    return None


def _program(one: Instruction) -> str:
    words = one.args if one.exec else next((command.words for command in parse(script(one))), ())
    name = words[0].rpartition("/")[2] if words else ""
    return re.sub(r"[\d.]+$", "", name) if name.startswith("php-fpm") else name

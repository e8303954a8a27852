"""A pipe whose first half may fail unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.checks._params import NoParams as Params
from svc.shell import first_pipe, has_pipe
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    strict = False
    if not dockerfile.read("SHELL"):
        return
    for route, one in every(dockerfile, "FROM", "SHELL", "RUN"):
        if one.keyword != "RUN":
            strict = one.keyword == "SHELL" and ("pipefail" in " ".join(one.args) or not _posix(one.args))
        elif not strict and not one.exec and has_pipe(script(one)) and "pipefail" not in script(one):
            message = "only the last command of the pipe decides whether the build fails"
            yield route, message, spot(one, first_pipe(script(one)))


def _posix(shell: tuple[str, ...]) -> bool:
    """Whether a pipe is the shell's own: PowerShell and cmd know no pipefail."""
    return not shell or re.search(r"(pwsh|powershell|cmd)(\.exe)?$", shell[0], re.IGNORECASE) is None

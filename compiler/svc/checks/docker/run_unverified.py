"""A script from the network is run unread."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, script
from svc.checks._params import NoParams as Params
from svc.checks._shell import PIPE_TO_SHELL
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, run in every(dockerfile, "RUN"):
        if PIPE_TO_SHELL.search(script(run)):
            yield route, "a script from the network is run unread"

"""CMD or ENTRYPOINT as shell text: the shell is process 1 and passes no signal on."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for stage in dockerfile.stages:
        if any(stage.find("SHELL")):
            continue
        for keyword in ("CMD", "ENTRYPOINT"):
            for route, one in stage.find(keyword):
                if one.args and not one.exec:
                    yield route, f"{keyword} in shell form: the shell gets the signals, not the process"

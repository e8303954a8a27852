"""ONBUILD of an instruction that the builder refuses to trigger."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "ONBUILD"):
        keyword = " ".join(one.args).split()[:1]
        if keyword and keyword[0].upper() in ("FROM", "MAINTAINER", "ONBUILD"):
            yield route, f"ONBUILD cannot trigger {keyword[0].upper()}"

"""A base image without a tag, or `latest`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, bases
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, text, base in bases(dockerfile):
        if not base.digest and base.tag in ("", "latest"):
            how = "can be anything" if base.tag else "has no tag, so it is `latest`, which can be anything"
            yield route, f"base image `{text}` {how}"

"""A base image, or one that files are copied from, without a tag, or `latest`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, bases, copied
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for what, images in (("base image", bases(dockerfile)), ("image", copied(dockerfile))):
        for route, text, image in images:
            if not image.digest and image.tag in ("", "latest"):
                how = "can be anything" if image.tag else "has no tag, so it is `latest`, which can be anything"
                yield route, f"{what} `{text}` {how}"

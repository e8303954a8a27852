"""A base image from another registry than the allowed ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from svc.checks._docker import Found, bases, copied
from svc.checks.images import qualified
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class Params:
    allowed: tuple[str, ...] = ()


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for route, text, base in chain(bases(dockerfile), copied(dockerfile)):
        full = qualified(base.repository)
        if not any(full.startswith(allowed.rstrip("/") + "/") for allowed in params.allowed):
            allowed = ", ".join(f"`{one}`" for one in params.allowed)
            yield route, f"base image `{text}` is from another registry than {allowed}"

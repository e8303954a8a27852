"""COPY --from copies a whole file system over that of the image."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.checks.images import reference
from svc.targets.docker.types import Dockerfile, unquoted

_MADE_FOR_IT = ("tonistiigi/xx",)
"""Images that hold nothing but what is to be copied."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    bases = {(stage.name or str(stage.index)).lower(): unquoted(stage.base) for stage in dockerfile.stages}
    for route, one in every(dockerfile, "COPY") if dockerfile.read("FROM") else ():
        source = one.flag("from")
        words = [unquoted(word) for word in one.args]
        if source is None or "/" not in words[:-1] or words[-1] != "/":
            continue
        base = bases.get(source.lower(), source)
        if base != "scratch" and not reference(base).repository.endswith(_MADE_FOR_IT):
            yield route, f"`{source}` is copied whole"

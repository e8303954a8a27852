"""COPY --from names its own stage, a later one, or a misspelt one."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.suggest import close
from svc.targets.docker.types import Dockerfile

_BARE = regex(r"[a-z][a-z0-9_-]*")
"""A name that may be a stage's; images of others have a tag or a slash."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    stages = dockerfile.stages if dockerfile.read("FROM") else ()
    for stage in stages:
        ahead = {one.name.lower() for one in stages[stage.index :] if one.name}
        ahead |= {str(one.index) for one in stages[stage.index :]}
        earlier = {one.name.lower() for one in stages[: stage.index] if one.name}
        for route, one in stage.find("COPY"):
            name = (one.flag("from") or "").lower()
            if name in ahead - earlier or (name.isdecimal() and (len(name) > 9 or int(name) >= len(stages))):
                yield route, f"COPY --from names `{name}`, which is not an earlier stage"
            elif name and name not in earlier and _BARE.fullmatch(name) and (meant := close(name, sorted(earlier))):
                yield route, f"COPY --from names `{name}`, which is no stage; did you mean `{meant}`?"

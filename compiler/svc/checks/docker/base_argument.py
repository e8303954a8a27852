"""A base image whose name is whole only when somebody passes an argument."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

_BARE = regex(r"\$(?:\{(\w+)\}|(\w+))", needs=("$",))
_GAP = regex(r"(?:^|[:@/])(?:[:@/.-]|$)")
"""A part of a name that is empty, or begins as none may: `debian:`, `golang:-alpine`."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    first = next((stage.first for stage in dockerfile.stages), 0)
    above = [pair for one in dockerfile.instructions[:first] if one.keyword == "ARG" for pair in one.pairs]
    values = dict(above)
    for stage in dockerfile.stages:
        base = unquoted(stage.base)
        empty = [match[1] or match[2] for match in _BARE.finditer(base) if values.get(match[1] or match[2]) == ""]
        filled = _BARE.sub(lambda match: values.get(match[1] or match[2], "x"), base)
        if empty and (not filled or _GAP.search(filled)):
            yield ("instructions", stage.first), f"without `--build-arg {empty[0]}=...` the base image is `{filled}`"

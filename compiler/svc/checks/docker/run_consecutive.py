"""RUN after RUN: two layers where one would do. RUNs with other mounts, or more than two commands, are left alone."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, script
from svc.checks._params import NoParams as Params
from svc.shell import parse
from svc.targets.docker.types import Dockerfile, Instruction


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    before: Instruction | None = None
    for index, one in enumerate(dockerfile.instructions):
        if one.keyword == "RUN" and before is not None and _one_layer(before, one):
            yield ("instructions", index), "follows another RUN; one RUN makes one layer"
        before = one if one.keyword == "RUN" else None


def _one_layer(before: Instruction, one: Instruction) -> bool:
    return before.flags == one.flags and _size(before) + _size(one) <= 2


def _size(run: Instruction) -> int:
    return len(parse(script(run))) if not run.exec else 1

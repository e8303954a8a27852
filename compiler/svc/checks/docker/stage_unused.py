"""A stage from which nothing is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    used = set()
    for stage in dockerfile.stages:
        used.add(unquoted(stage.base).lower())
        for one in stage.instructions:
            used.add((one.flag("from") or "").lower())
            for mount in one.flag_values("mount"):
                used.update(found.lower() for found in re.findall(r"(?:^|,)from=([^,]+)", mount))
    if any("$" in name for name in used) or not dockerfile.read("FROM", "COPY", "RUN"):
        return
    for stage in dockerfile.stages[:-1]:
        if not used & {stage.name.lower() or str(stage.index), str(stage.index)}:
            yield ("instructions", stage.first), f"nothing uses stage `{stage.name or stage.index}`"

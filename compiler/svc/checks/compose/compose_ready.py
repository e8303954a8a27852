"""A dependency that is only waited for until it starts, although it says when it is healthy."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.targets.compose.types import ComposeFile, tells_health
from svc.tree import mapping


def check(compose: ComposeFile, _: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        needs = mapping(service).get("depends_on")
        for index, other in enumerate(needs if isinstance(needs, list) else ()):
            if tells_health(compose.services.get(str(other))):
                yield ("services", name, "depends_on", index), f"`{name}` starts before `{other}` is healthy"

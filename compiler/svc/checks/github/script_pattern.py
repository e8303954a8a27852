"""A script does something that a pattern describes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svc.checks._github import Found, joined, scripts, unjoined
from svc.diagnostics import Within
from svc.patterns import Pattern, in_command
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    patterns: tuple[Pattern, ...] = ()
    message: str = "the script does what it should not"


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for route, text in joined(workflow):
        found = _match(params.patterns, text)
        if found is not None:
            yield route, params.message, unjoined(dict(scripts(workflow))[route], found)


@lru_cache(maxsize=4096)
def _match(patterns: tuple[str, ...], text: str) -> Within | None:
    """Where the first pattern that is there stands."""
    found = (in_command(pattern, text) for pattern in patterns)
    return next((one.span() for one in found if one is not None), None)

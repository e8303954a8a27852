"""A script does something that a pattern describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from svc.checks._github import Found, joined
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    patterns: tuple[str, ...] = ()
    message: str = "the script does what it should not"


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for route, text in joined(workflow):
        if _matches(params.patterns, text):
            yield route, params.message


@lru_cache(maxsize=4096)
def _matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)

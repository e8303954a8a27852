"""Actions that are not to be used: by name, or by owner (`owner/*`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svc.checks._github import Found
from svc.patterns import like
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    actions: tuple[str, ...] = ()
    reason: str = "is not to be used"


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for uses in workflow.uses:
        if uses.kind == "action" and _forbidden(uses.name.lower(), params.actions):
            yield uses.route, f"`{uses.name}` {params.reason}"


@lru_cache(maxsize=1024)
def _forbidden(name: str, actions: tuple[str, ...]) -> bool:
    return any(like(name, one.lower()) or name.startswith(f"{one.lower()}/") for one in actions)

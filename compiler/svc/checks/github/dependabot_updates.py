"""Dependabot's file: updates that come on the day they are published, and code of packages that runs with secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._github import Found
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.github.types import Workflow

_DEFAULT = 3
"""Days that GitHub waits when the file says nothing."""


@dataclass(frozen=True, slots=True)
class Params:
    """`days`: how long an update must have been public; 0 judges the running of packages' code instead."""

    days: int = 0


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    updates = workflow.data.get("updates")
    for index, update in enumerate(updates if isinstance(updates, list) else ()):
        if isinstance(update, dict):
            route: Route = ("updates", index)
            yield from _cooled(update, route, params.days) if params.days else _run(update, route)


def _cooled(update: dict[str, Any], route: Route, days: int) -> Iterator[Found]:
    cooldown = update.get("cooldown")
    given = cooldown.get("default-days") if isinstance(cooldown, dict) else None
    waits = _DEFAULT if given is None else given
    if isinstance(waits, int) and waits < days:
        below = ("cooldown", "default-days") if given is not None else ("cooldown",) if "cooldown" in update else ()
        what = f"updates of `{update.get('package-ecosystem', '')}` wait {waits} days"
        yield (*route, *below), f"{what}{'' if given is not None else ', the default'}, and should wait {days}"


def _run(update: dict[str, Any], route: Route) -> Iterator[Found]:
    if update.get("insecure-external-code-execution") == "allow":
        at = (*route, "insecure-external-code-execution")
        yield at, "code of packages runs while Dependabot looks for updates"

"""What starts a workflow: filters that exclude each other or never match, and schedules."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.model.cron import cron_problem
from svc.suggest import instead, nearest
from svc.tree import mapping
from svc.workflows import globs
from svc.workflows.contexts import triggers

_PAIRS = (("branches", "branches-ignore"), ("paths", "paths-ignore"), ("tags", "tags-ignore"))
_GLOBS = frozenset(name for pair in _PAIRS for name in pair)
_FILTERED = {
    "branches": ("merge_group", "pull_request", "pull_request_target", "push", "workflow_run"),
    "paths": ("pull_request", "pull_request_target", "push"),
    "tags": ("push",),
}
_KEYS = (*sorted(_GLOBS), "types", "workflows", "inputs", "outputs", "secrets", "names", "versions")
SHORTEST = 5
"""Minutes: GitHub runs no schedule more often."""
_CALLABLE = ("workflow_call", "workflow_dispatch")
_IMAGE = ("names", "versions")


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    on = data.get("on")
    if not isinstance(on, dict):
        return
    for event, filters in triggers(data).items():
        route: Route = ("on", event)
        yield from _filters(event, filters, route)
        if event == "workflow_run" and not filters.get("workflows"):
            message = "`workflow_run` does not say which workflows it follows"
            yield Problem("workflow-filter", route, message, "write `workflows: [name]`", "key")
    schedule = on.get("schedule")
    for index, entry in enumerate(schedule if isinstance(schedule, list) else ()):
        at: Route = ("on", "schedule", index)
        line, zone = mapping(entry).get("cron"), mapping(entry).get("timezone")
        wrong = _cron(line) if isinstance(line, str) and line else ""
        if wrong:
            advice = "write minute, hour, day, month and day of the week, such as `30 2 * * 1`"
            yield Problem("workflow-cron", (*at, "cron"), f"the schedule `{line}`: {wrong}", advice)
        if isinstance(zone, str) and zone and zone.lower() not in _zones():
            message = f"there is no time zone `{zone}`{nearest(zone, _zones().values())}"
            yield Problem("workflow-cron", (*at, "timezone"), message, "write a name of the IANA database")
    image = mapping(on, "image_version")
    for name in _IMAGE:
        given = image.get(name, [])
        if not isinstance(given, list):
            message = f"`{name}` is `{given}`, and must be a list"
            yield Problem("workflow-type", ("on", "image_version", name), message, "write it in brackets")
        for index, text in enumerate(given if isinstance(given, list) else ()):
            fault = globs.wrong(text, path=False) if isinstance(text, str) and text else ""
            if fault:
                at = ("on", "image_version", name, index)
                yield Problem("workflow-filter", at, f"the filter `{text}` {fault}", "see GitHub's filter patterns")


@functools.cache
def _zones() -> dict[str, str]:
    """The time zones there are, by their names in lower case."""
    from svc.model.zones import names

    return {name.lower(): name for name in names()}


def _filters(event: str, filters: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    for key in filters:
        if key not in _KEYS:
            known = _KEYS if event in _CALLABLE else (*sorted(_GLOBS), "types", "workflows")
            message = f"`{event}` has no key `{key}`{nearest(key, known)}"
            help_ = instead(key, known, "remove it, or check its indent")
            yield Problem("workflow-key-unknown", (*route, key), message, help_, "key")
    for name, other in _PAIRS:
        if name in filters and other in filters:
            message = f"`{name}` and `{other}` exclude each other"
            help_ = f"write `!pattern` in `{name}`"
            second = next(one for one in reversed(list(filters)) if one in (name, other))
            yield Problem("workflow-filter", (*route, second), message, help_, "key")
        for one in (name, other):
            if one in filters and event not in _FILTERED[name] and event not in ("workflow_dispatch", "schedule"):
                words = ", ".join(f"`{known}`" for known in _FILTERED[name])
                message = (
                    f"`{event}` has no filter `{one}`; these events have: {words}{nearest(event, _FILTERED[name])}"
                )
                yield Problem("workflow-filter", (*route, one), message, "remove it", "key")
    for name in sorted(_GLOBS & set(filters)):
        value = filters[name]
        listed = value if isinstance(value, list) else [value]
        for index, glob in enumerate(listed):
            at = (*route, name, index) if isinstance(value, list) else (*route, name)
            wrong = globs.wrong(glob, path=name.startswith("paths")) if isinstance(glob, str) else ""
            if wrong:
                yield Problem("workflow-filter", at, f"the filter `{glob}` {wrong}", "see GitHub's filter patterns")
        if not name.endswith("-ignore") and listed and all(str(one).startswith("!") for one in listed):
            message = f"`{name}` has only patterns with `!`, so nothing matches"
            yield Problem("workflow-filter", (*route, name), message, f"write `{name}-ignore`")


def _cron(line: str) -> str:
    if line.startswith("@"):
        return "GitHub knows no `@` words; write five fields"
    wrong = cron_problem(line)
    if wrong:
        return wrong
    gap = _gap(line.split()[0])
    return f"GitHub runs nothing more often than every {SHORTEST} minutes" if gap < SHORTEST else ""


def _gap(field: str) -> int:
    """The shortest stretch between two minutes that a field names, within an hour."""
    minutes: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low = 0 if first in "*?" else int(first)
        high = int(last) if last else 59 if first in "*?" or step else low
        minutes.update(range(low, high + 1, int(step or 1)))
    ordered = sorted(minutes)
    return min((after - before for before, after in itertools.pairwise(ordered)), default=60)

"""Places that GitHub wants filled: texts that must not be empty, and sections that must hold something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route

_STEP = "jobs.*.steps.*"
_TEXTS = [
    "run-name",
    "on.schedule.*.cron",
    "on.schedule.*.timezone",
    "on.*.types",
    "on.*.types.*",
    "on.*.branches",
    "on.*.branches.*",
    "on.*.branches-ignore.*",
    "on.*.tags",
    "on.*.tags.*",
    "on.*.tags-ignore.*",
    "on.*.paths",
    "on.*.paths.*",
    "on.*.paths-ignore.*",
    "on.workflow_run.workflows.*",
    "on.workflow_dispatch.inputs.*.options.*",
    "on.workflow_call.outputs.*.value",
    "on.image_version.names.*",
    "on.image_version.versions.*",
    "concurrency",
    "concurrency.group",
    "defaults.run.shell",
    "defaults.run.working-directory",
    "jobs.*.runs-on",
    "jobs.*.runs-on.*",
    "jobs.*.runs-on.labels.*",
    "jobs.*.needs",
    "jobs.*.needs.*",
    "jobs.*.uses",
    "jobs.*.if",
    "jobs.*.concurrency",
    "jobs.*.concurrency.group",
    "jobs.*.environment",
    "jobs.*.environment.name",
    "jobs.*.environment.url",
    "jobs.*.defaults.run.shell",
    "jobs.*.defaults.run.working-directory",
    "jobs.*.snapshot",
    "jobs.*.snapshot.version",
    "jobs.*.container.image",
    "jobs.*.container.ports.*",
    "jobs.*.container.volumes.*",
    "jobs.*.services.*.image",
    "jobs.*.services.*.ports.*",
    "jobs.*.services.*.volumes.*",
    f"{_STEP}.id",
    f"{_STEP}.if",
    f"{_STEP}.uses",
    f"{_STEP}.run",
    f"{_STEP}.shell",
    f"{_STEP}.working-directory",
]
_PRESENT = ["permissions", "jobs.*.permissions", "jobs.*.container"]
_SECTIONS = [
    "env",
    "defaults",
    "defaults.run",
    "on.image_version.names",
    "on.image_version.versions",
    "on.*.types",
    "on.workflow_run.workflows",
    "jobs.*.defaults",
    "jobs.*.defaults.run",
    "jobs.*.env",
    "jobs.*.outputs",
    "jobs.*.strategy",
    "jobs.*.strategy.matrix",
    "jobs.*.runs-on.labels",
    "jobs.*.with",
    "jobs.*.secrets",
    "jobs.*.services",
    "jobs.*.container.env",
    f"{_STEP}",
    f"{_STEP}.env",
    f"{_STEP}.with",
]
"""As patterns of routes: `*` is every key or entry."""


def problems(data: Any) -> Iterator[Problem]:
    for pattern in _TEXTS:
        for route, value in _found(data, pattern):
            if value is None or (isinstance(value, str) and not value.strip(" ")):
                yield _empty(route, "write a value, or remove it")
    for pattern in _PRESENT:
        for route, value in _found(data, pattern):
            if value is None if pattern.endswith("permissions") else value == "":
                yield _empty(route, "write a value, or remove it")
    for pattern in _SECTIONS:
        for route, value in _found(data, pattern):
            if (value is None and pattern != _STEP) or value == {} or value == []:
                yield _empty(route, "write an entry, or remove it")


def _empty(route: Route, help_: str) -> Problem:
    name = next(part for part in reversed(route) if isinstance(part, str))
    what = f"an entry of `{name}`" if isinstance(route[-1], int) else f"`{name}`"
    return Problem("workflow-empty", route, f"{what} is empty", help_)


def _found(data: Any, pattern: str) -> Iterator[tuple[Route, Any]]:
    """What stands at the routes of a pattern."""
    at: list[tuple[Route, Any]] = [((), data)]
    for part in pattern.split("."):
        below: list[tuple[Route, Any]] = []
        for route, value in at:
            if part == "*":
                listed = (
                    value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
                )
                below += [((*route, key), one) for key, one in listed]
            elif isinstance(value, dict) and part in value:
                below.append(((*route, part), value[part]))
        at = below
    yield from at

"""Names that differ only in the case of their letters: GitHub takes them for one, and refuses the second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.tree import mapping
from svc.workflows.contexts import triggers


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    for route, names in _places(data):
        seen: dict[str, str] = {}
        for name in names:
            other = seen.setdefault(str(name).lower(), name)
            if other != name:
                message = f"`{name}` is given twice: `{other}` is the same, for case does not count"
                yield Problem("workflow-id-duplicate", (*route, name), message, "name one of them otherwise", "key")


def _places(data: Mapping[str, Any]) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    yield ("env",), mapping(data, "env")
    for event, given in triggers(data).items():
        if event in ("workflow_call", "workflow_dispatch"):
            for key in ("inputs", "secrets", "outputs"):
                yield ("on", event, key), mapping(mapping(given), key)
    for name, value in mapping(data, "jobs").items():
        job, at = mapping(value), ("jobs", name)
        for key in ("env", "with", "secrets", "services", "outputs"):
            yield (*at, key), mapping(job, key)
        yield (*at, "strategy", "matrix"), mapping(job, "strategy", "matrix")
        steps = job.get("steps")
        for index, step in enumerate(steps if isinstance(steps, list) else ()):
            for key in ("env", "with"):
                yield (*at, "steps", index, key), mapping(mapping(step), key)

"""What no schema says of a workflow: ids, the graph of needs, inputs of called workflows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.suggest import nearest
from svc.tree import mapping
from svc.workflows.contexts import needed
from svc.workflows.expression import OPEN

_ID = regex(r"[A-Za-z_][A-Za-z0-9_-]*")


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    jobs = mapping(data, "jobs")
    if "jobs" in data and not jobs:
        yield Problem("workflow-empty", ("jobs",), "the workflow has no job", "write one", "key")
    if "on" in data and not data["on"]:
        yield Problem("workflow-empty", ("on",), "nothing starts the workflow", "name an event in `on`", "key")
    yield from _job_ids(jobs)
    yield from _needs(jobs)
    for name, job in jobs.items():
        if isinstance(job, dict):
            yield from step_ids(job.get("steps"), ("jobs", name, "steps"))
            if "steps" not in job and "uses" not in job:
                at, message = ("jobs", name), f"job `{name}` has no `steps`"
                yield Problem("workflow-key-missing", at, message, "write `steps`, or `uses` for a workflow", "key")
            if job.get("steps", True) is None:  # of an empty list its form is wrong, which is said there
                yield Problem(
                    "workflow-empty", ("jobs", name, "steps"), f"job `{name}` has no step", "write one", "key"
                )


def step_ids(steps: Any, route: Route) -> Iterator[Problem]:
    """Ids of steps: valid, and each once in its job, whatever the case of its letters."""
    seen: dict[str, int] = {}
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        identity = step.get("id") if isinstance(step, dict) else None
        if not isinstance(identity, str) or OPEN in identity:
            continue
        at = (*route, index, "id")
        if not _ID.fullmatch(identity):
            yield _invalid(at, "step", identity)
        elif identity.lower() in seen:
            message = f"step id `{identity}` is given twice: step {seen[identity.lower()] + 1} has it"
            yield Problem("workflow-id-duplicate", at, message, "name one of them otherwise")
        seen.setdefault(identity.lower(), index)


def _job_ids(jobs: Mapping[str, Any]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name in jobs:
        at = ("jobs", name)
        if not _ID.fullmatch(name):
            yield _invalid(at, "job", name, key=True)
        elif name.lower() in seen:
            message = f"job id `{name}` is given twice: `{seen[name.lower()]}` is the same, for case does not count"
            yield Problem("workflow-id-duplicate", at, message, "name one of them otherwise", "key")
        seen.setdefault(name.lower(), name)


def _invalid(route: Route, what: str, name: str, *, key: bool = False) -> Problem:
    help_ = "begin with a letter or `_`, and use letters, digits, `-` and `_` alone"
    return Problem("workflow-id-invalid", route, f"`{name}` is no {what} id", help_, "key" if key else "value")


def _needs(jobs: Mapping[str, Any]) -> Iterator[Problem]:
    ids = {name.lower(): name for name in jobs}
    graph: dict[str, list[str]] = {}
    for name, job in jobs.items():
        graph[name] = []
        seen: set[str] = set()
        for index, other in enumerate(needed(mapping(job))):
            listed = isinstance(mapping(job).get("needs"), list)
            at: Route = ("jobs", name, "needs", index) if listed else ("jobs", name, "needs")
            if other.lower() in seen:
                yield Problem("workflow-needs-duplicate", at, f"job `{name}` needs `{other}` twice", "remove one")
            seen.add(other.lower())
            if other.lower() not in ids:
                known = [one for one in jobs if one != name]
                words = f"; there are {', '.join(f'`{one}`' for one in sorted(known))}" if known else ""
                message = f"job `{name}` needs `{other}`, which is no job{words}{nearest(other, known)}"
                yield Problem("workflow-needs-unknown", at, message, "name a job of this workflow")
            else:
                graph[name].append(ids[other.lower()])
    yield from _cycles(graph)


def _cycles(graph: Mapping[str, list[str]]) -> Iterator[Problem]:
    """Each circle that a walk in the file's order closes."""
    open_, done = True, False
    state: dict[str, bool] = {}
    for start in graph:
        stack = [] if start in state else [(start, iter(graph[start]))]
        state.setdefault(start, open_)
        while stack:
            name, rest = stack[-1]
            other = next(rest, None)
            if other is None:
                state[name] = done
                stack.pop()
            elif other not in state:
                state[other] = open_
                stack.append((other, iter(graph[other])))
            elif state[other] is open_:
                names = [one for one, _ in stack]
                words = " -> ".join(f"`{one}`" for one in [*names[names.index(other) :], other])
                at = ("jobs", name, "needs")
                yield Problem("workflow-needs-circle", at, f"jobs wait for each other: {words}", "remove one need")

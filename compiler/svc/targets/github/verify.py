"""Embedded proof of a rendered workflow: the text gives the same data back, and its jobs fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from svc.diagnostics import Anchor, Route
from svc.parse import parse_one
from svc.source import Source
from svc.targets.github.schema import schema_errors
from svc.targets.github.types import Workflow
from svc.targets.protocol import Fault, Files
from svc.tree import Data, Tree
from svc.yaml_parts import gives
from svc.yaml_plain import doubtful, loaded

_KNOWN = ("on",)
"""What YAML 1.1 takes for something else and GitHub does not."""


def verify(artifact: Sequence[Workflow], files: Files, /) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    for workflow in artifact:
        faults.extend(_verify(workflow, files))
    return tuple(faults)


def _verify(workflow: Workflow, files: Files) -> Iterator[Fault]:
    text = files.get(workflow.path)
    if text is None:
        yield Fault("read-back", workflow.path, 1, "the workflow was not rendered")
        return
    data = workflow.tree.data
    if gives(text, data, PurePosixPath(workflow.path).stem, _KNOWN) and not any(
        _sound(workflow, data, patched=workflow.patched)
    ):
        return
    word = doubtful(text, _KNOWN)
    if word:
        yield Fault("read-back", workflow.path, 1, f"`{word}` without quotes is no text in YAML 1.1")
    quick = loaded(text)
    if quick is not None and len(quick) == 1 and not any(_problems(workflow, quick[0])):
        return
    parsed = parse_one(Source(workflow.path, text))
    for problem in parsed.problems:
        yield Fault("read-back", workflow.path, problem.place.span.line if problem.place.span else 1, problem.message)
    if parsed.problems or not parsed.documents:
        return
    document = parsed.documents[0]
    for tool, route, anchor, message in _problems(workflow, document.data):
        line = 1 if tool == "read-back" else document.span(route, anchor).line
        yield Fault(tool, workflow.path, line, message)


_Problem = tuple[str, Route, Anchor, str]
"""Who says it, the route and the part of it, and what is wrong there."""


def _problems(workflow: Workflow, data: Data) -> Iterator[_Problem]:
    """What is wrong with the data that the text gives."""
    again = Workflow(workflow.path, Tree(data))
    if again != workflow:
        yield "read-back", (), "value", "the text does not give back the workflow that was checked"
    yield from _sound(workflow if again == workflow else again, data, patched=workflow.patched)


def _sound(workflow: Workflow, data: Data, *, patched: bool) -> Iterator[_Problem]:
    """What is wrong with a workflow of that data."""
    for route, message in schema_errors(data):
        yield "schema", route, "value", message
    if not patched:
        yield from _structure(workflow)


def _structure(workflow: Workflow) -> Iterator[_Problem]:
    earlier: set[str] = set()
    for job in workflow.jobs:
        unknown = sorted(set(job.needs) - earlier)
        if unknown:
            message = f"{job.id} needs {', '.join(unknown)}, which does not come before it"
            yield "structure", job.route, "key", message
        earlier.add(job.id)
        if job.workflow is None and not isinstance(job.timeout, int):
            yield "structure", job.route, "key", f"{job.id} has no timeout"
        if not isinstance(job.permissions, dict):
            yield "structure", job.route, "key", f"{job.id} does not say its permissions"
    for uses in workflow.uses:
        if not uses.pinned:
            yield "structure", uses.route, "value", f"{uses.text} is not pinned"

"""Embedded proof of a rendered workflow: the text gives the same data back, and its jobs fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.parse import Document, parse_one
from svc.source import Source
from svc.targets.github.read import read_workflow
from svc.targets.github.schema import schema_errors
from svc.targets.github.types import Workflow
from svc.targets.protocol import Fault, Files


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
    parsed = parse_one(Source(workflow.path, text))
    for problem in parsed.problems:
        yield Fault("read-back", workflow.path, problem.place.span.line if problem.place.span else 1, problem.message)
    if parsed.problems or not parsed.documents:
        return
    document = parsed.documents[0]
    again = read_workflow(document)
    if again != workflow:
        yield Fault("read-back", workflow.path, 1, "the text does not give back the workflow that was checked")
    for route, message in schema_errors(document.data):
        yield Fault("schema", workflow.path, document.span(route).line, message)
    if not workflow.patched:
        yield from _structure(again, document)


def _structure(workflow: Workflow, document: Document) -> Iterator[Fault]:
    earlier: set[str] = set()
    for job in workflow.jobs:
        line = document.span(job.route, "key").line
        unknown = sorted(set(job.needs) - earlier)
        if unknown:
            yield Fault(
                "structure", workflow.path, line, f"{job.id} needs {', '.join(unknown)}, which does not come before it"
            )
        earlier.add(job.id)
        if job.workflow is None and not isinstance(job.timeout, int):
            yield Fault("structure", workflow.path, line, f"{job.id} has no timeout")
        if not isinstance(job.permissions, dict):
            yield Fault("structure", workflow.path, line, f"{job.id} does not say its permissions")
    for uses in workflow.uses:
        if not uses.pinned:
            yield Fault("structure", workflow.path, document.span(uses.route).line, f"{uses.text} is not pinned")

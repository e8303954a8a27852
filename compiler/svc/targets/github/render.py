"""The workflow as people write it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from svc import pins
from svc.diagnostics import Route
from svc.emit import emit
from svc.targets.github.types import Workflow
from svc.targets.protocol import Rendered, Subject


def subjects(artifact: Sequence[Workflow], /) -> Sequence[Subject]:
    return tuple(Subject("github", one.path, one.name, one) for one in artifact)


def render(artifact: Sequence[Workflow], /) -> Rendered:
    files: dict[str, str] = {}
    lines: dict[tuple[str, Route], tuple[str, int]] = {}
    for workflow in artifact:
        emitted = emit(
            workflow.tree.data,
            header=_header(workflow),
            comments=workflow.remarks,
            trailing={**_versions(workflow), **workflow.notes},
            blank_before=_blanks(workflow),
            plain_keys=("on",),
        )
        files[workflow.path] = emitted.text
        lines |= {(workflow.path, route): (workflow.path, line) for route, line in emitted.lines.items()}
    return Rendered(files, lines)


def _header(workflow: Workflow) -> str:
    return (
        f"Made by svc from {workflow.spec}; edit that file and run `svc compile`.\n"
        "A pull request is checked and leaves nothing behind; a push is delivered, one environment after the other."
    )


def _blanks(workflow: Workflow) -> frozenset[Route]:
    """Between the sections and between the jobs."""
    jobs = list(workflow.data.get("jobs", {}))[1:]
    return frozenset([*((key,) for key in workflow.data), *(("jobs", key) for key in jobs)])


def _versions(workflow: Workflow) -> dict[Route, str]:
    """`uses` -> the release that the pinned commit is."""
    known = _releases()
    return {one.route: known[one.text] for one in workflow.uses if one.text in known}


@functools.cache
def _releases() -> Mapping[str, str]:
    return {one.reference: one.version for one in pins.catalogue().actions}

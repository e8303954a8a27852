"""The workflow as people write it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from svc import pins
from svc.diagnostics import Route
from svc.emit import Emitted, emit
from svc.notice import notice
from svc.targets.github.types import Workflow
from svc.targets.protocol import Rendered


def render(artifact: Sequence[Workflow], /) -> Rendered:
    files: dict[str, str] = {}
    printed: dict[str, Emitted] = {}
    for workflow in artifact:
        printed[workflow.path] = emit(
            workflow.tree.data,
            header=_header(workflow),
            comments=workflow.remarks,
            trailing={**_versions(workflow), **workflow.notes},
            blank_before=_blanks(workflow),
            plain_keys=("on",),
        )
        files[workflow.path] = printed[workflow.path].text
    return Rendered(
        files,
        lambda: {(path, route): (path, line) for path, one in printed.items() for route, line in one.lines.items()},
    )


def _header(workflow: Workflow) -> str:
    return (
        f"{notice(workflow.spec)}\n"
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

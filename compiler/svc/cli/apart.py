"""Files of several workspaces in one run of `svc lint`: each is judged by the nearest workspace above it, apart from others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc.cli.console import shown
from svc.folders import WORKSPACE_FILES, two_workspaces, workspace_of
from svc.records import dataclass

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic
    from svc.lint.linted import Found, Linted

Above = dict[Path, Path | None]


@dataclass(frozen=True, slots=True)
class Share:
    """Files that one workspace decides for: the first workspace file above `start`. `found` None: whatever is there."""

    start: Sequence[Path]
    found: Sequence[Found] | None = None


def shares(paths: Sequence[Path], linted: Linted) -> tuple[list[Share], list[Diagnostic]]:
    """How what was read is to be shared out, nothing where the workspace above the first path decides for all of it.

    A workspace within another one that also has files in the run is an error: who may put a file into a folder would
    lower what is demanded there of all that the outer one decides for, and no report would show it.
    """
    known: Above = {}
    mine = {
        file for name, file in linted.files.items() if name not in linted.beside and file.name not in WORKSPACE_FILES
    }
    bases = {_above(file, known) for file in mine}
    if bases <= {workspace_of(paths[0].absolute(), {})}:
        return [], []
    found: dict[Path | None, list[Found]] = {}
    for one in linted.found:
        found.setdefault(_above(one[0], known), []).append(one)
    nested = [
        two_workspaces(outer, inner, shown)
        for inner in sorted(one for one in bases if one is not None)
        for outer in _around(inner, known)
        if outer in bases
    ]
    ordered = sorted(found.items(), key=lambda one: str(one[0] or ""))
    return [Share([base.parent if base is not None else files[0][0]], files) for base, files in ordered], [
        *nested,
        *linted.locked,
    ]


def _around(base: Path, known: Above) -> Iterator[Path]:
    """The workspaces that one stands in, from within."""
    while base.parent != base.parent.parent and (outer := workspace_of(base.parent.parent, known)) is not None:
        yield outer
        base = outer


def _above(file: Path, known: Above) -> Path | None:
    return workspace_of(file.absolute().parent, known)

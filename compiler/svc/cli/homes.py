"""Files of several workspaces in one run of `svc lint`: what each is judged by is for the nearest workspace above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc.cli.console import shown
from svc.folders import WORKSPACE_FILES, home_of, two_workspaces, workspace_of
from svc.source import is_folder

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic
    from svc.gate import Ruled
    from svc.lint.linted import Linted

Base = Path | None
"""A workspace's file, None for files that have none above them."""
Shares = Sequence[tuple[Base, "Ruled"]]
"""What each workspace demands."""


class Homes:
    """Which workspace decides for which file of a run."""

    def __init__(self) -> None:
        self._known: dict[Path, Base] = {}
        self._homes: dict[Path, Base] = {}

    def base(self, file: Path) -> Base:
        if file.parent not in self._homes:
            self._homes[file.parent] = home_of(file, self._known)
        return self._homes[file.parent]

    def bases(self, paths: Sequence[Path], linted: Linted) -> list[Base]:
        """Those of what was read, none where the one above the first path decides for all of it."""
        files = (file for name, file in linted.files.items() if name not in linted.beside)
        found = {self.base(file) for file in files if file.name not in WORKSPACE_FILES}
        alone = found <= {self.base(paths[0] / "any" if is_folder(paths[0]) else paths[0])}
        return [] if alone else sorted(found, key=lambda one: str(one or ""))

    def nested(self, bases: Sequence[Base]) -> list[Diagnostic]:
        """A workspace within another one that also has files in the run is an error: who may put a file into a folder
        would lower what is demanded there of all that the outer one decides for, and no report would show it."""
        return [
            two_workspaces(outer, inner, shown)
            for inner in bases
            if inner is not None
            for outer in self._around(inner)
            if outer in bases
        ]

    def _around(self, base: Path) -> Iterator[Path]:
        """The workspaces that one stands in, from within."""
        while base.parent != base.parent.parent:
            outer = workspace_of(base.parent.parent, self._known)
            if outer is None:
                return
            yield outer
            base = outer

    def shared(self, specs: Iterable[Path]) -> list[list[Path]]:
        """The specs of each workspace."""
        found: dict[Base, list[Path]] = {}
        for spec in specs:
            found.setdefault(self.base(spec), []).append(spec)
        return list(found.values())

    def of(self, name: str, linted: Linted) -> Base:
        """Of a file by its name in reports."""
        return self.base(linted.files.get(name, Path(name)))

"""Files of several workspaces in one run of `svc lint`: what each is judged by is for the nearest workspace above it.

All files are judged together, by every policy that one of the workspaces asks for, since what one of them leads to may
stand in another's folder. Each workspace then takes what it asks for of what was found in its own files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from svc.cli.console import shown
from svc.folders import WORKSPACE_FILES, home_of, two_workspaces, workspace_of
from svc.records import replace
from svc.source import is_folder

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic, Severity
    from svc.gate import Demand, Ruled
    from svc.lint.linted import Linted
    from svc.policy.types import Policy

Base = Path | None
"""A workspace's file, None for files that have none above them."""


class Apart:
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

    def _nested(self, bases: Sequence[Base]) -> list[Diagnostic]:
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

    def judged(
        self, linted: Linted, ruled: Sequence[tuple[Base, Ruled]], demand: Demand, today: date
    ) -> list[Diagnostic]:
        """What all that was read is told, each file by its workspace."""
        from svc.policy.types import CueFailed

        found = self._nested([base for base, _ in ruled])
        try:
            for some in _agreeing(ruled):
                found += self._judged(linted, some, demand, today)
        except CueFailed as failed:
            return list(failed.diagnostics)
        return found

    def _judged(
        self, linted: Linted, shares: Sequence[tuple[Base, Ruled]], demand: Demand, today: date
    ) -> list[Diagnostic]:
        from svc import gate
        from svc.lint.findings import findings
        from svc.policy.types import SETS

        told = [
            one for _, ruled in shares for one in (*ruled.problems, *(ruled.loaded.problems if ruled.wrong else ()))
        ]
        sound = [(base, ruled) for base, ruled in shares if not ruled.wrong]
        asked = {base: _asked(ruled, demand) for base, ruled in sound}
        policies = {one.id: one for _, ruled in sound for one in ruled.loaded.policies}
        wanted = tuple(sorted({name for one in asked.values() for name in one}))
        if not wanted:
            return told
        chosen = replace(
            gate.settings(sound[0][1].rules, demand), select=wanted, severities={}, ignore=(), mandatory=()
        )
        placed = findings(linted, tuple(policies.values()), chosen, demand)
        by: dict[Base, list[Diagnostic]] = {}
        for one in placed:
            by.setdefault(self._of(one.place.file, linted), []).append(one)
        for base, ruled in sound:
            plain = gate.settings(ruled.rules, demand).profile not in SETS
            mine = [
                replace(one, severity=asked[base][one.id]) if one.policy else one
                for one in by.get(base, ())
                if (one.id in asked[base] if one.policy else plain)
            ]
            waivers = [one for one in linted.waivers if self._of(one.place.file, linted) == base]
            told += gate.settle(mine, waivers, ruled.loaded.policies, today, ruled.rules, demand)
        return told

    def _of(self, name: str, linted: Linted) -> Base:
        return self.base(linted.files.get(name, Path(name)))


def _asked(ruled: Ruled, demand: Demand) -> dict[str, Severity]:
    """The policies that a workspace asks for, with the severities of their findings."""
    from svc import gate
    from svc.policy.run import selected

    return {one.id: level for one, level in selected(ruled.loaded.policies, gate.settings(ruled.rules, demand))}


def _agreeing(shares: Sequence[tuple[Base, Ruled]]) -> list[list[tuple[Base, Ruled]]]:
    """Workspaces that can be judged together: an id means the same policy in all of them."""
    found: list[tuple[dict[str, Policy], list[tuple[Base, Ruled]]]] = []
    for base, ruled in shares:
        mine = {one.id: one for one in ruled.loaded.policies}
        for known, some in found:
            if all(known.get(name, one).place == one.place for name, one in mine.items()):
                known.update(mine)
                some.append((base, ruled))
                break
        else:
            found.append((mine, [(base, ruled)]))
    return [some for _, some in found]

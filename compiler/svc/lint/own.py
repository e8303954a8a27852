"""What a service writes itself instead of having it generated: its places, and its files read as any by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from svc.lint.collect import collect
from svc.lint.linted import Linted
from svc.records import dataclass, field
from svc.resolve.unit import Unit
from svc.source import Source
from svc.targets.table import target

_NOT_JUDGED = (".example", ".dockerignore")


@dataclass(frozen=True, slots=True)
class Own:
    """`kept`: files and folders, relative to the output root, that are never written to or removed. `linted`: what was
    read of them, by service."""

    kept: tuple[str, ...] = ()
    linted: Mapping[str, Linted] = field(default_factory=dict)

    @property
    def sources(self) -> Mapping[str, Source]:
        return {name: one for linted in self.linted.values() for name, one in linted.sources.items()}


def owns(unit: Unit, name: str) -> bool:
    """Whether a service writes a target's files itself."""
    build = unit.first.build
    return name in unit.first.own or (name == "docker" and build is not None and bool(build.dockerfile))


def own(units: Sequence[Unit], targets: Sequence[str], root: Path, shown: Callable[[Path], str]) -> Own:
    """Those of all services, for the targets that this run is about; what is not there yet is not read."""
    kept: list[str] = []
    linted: dict[str, Linted] = {}
    for unit in units:
        homes = [home for name in targets if owns(unit, name) for home in target(name).homes(unit)]
        kept += homes
        paths = [root / home for home in homes if (root / home).exists() and not home.endswith(_NOT_JUDGED)]
        if paths:
            linted[unit.name] = collect(paths, shown)
    return Own(tuple(kept), linted)

"""What is to be written below an output root, what a plan of it says, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.diagnostics import Diagnostic
from svc.digests import sha256
from svc.records import dataclass, field
from svc.spool import Spooled

if TYPE_CHECKING:
    from svc.ledger import Ledger
    from svc.staging import Made
    from svc.standing import Mark


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write and who it belongs to: `service/target`. `sha256` of its text, where that is known already."""

    path: str
    text: str
    owner: str
    known: str = field(default="", compare=False, repr=False)

    @property
    def sha256(self) -> str:
        return self.known or digest(self.text)


def digest(text: str) -> str:
    """The sha256 of a text as it is written."""
    return sha256(text.encode()).hexdigest()


File = Output | Spooled


class Overtaken(Exception):
    """The record of outputs is not the one that a run left: another run has written since."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Outputs that are as a run left them and are not looked at: `count`, and their paths. `mine`: what the last run made
    for the owners of this one. `record`: the mark of its record."""

    count: int
    paths: Callable[[], Iterable[str]]
    mine: tuple[str, ...]
    record: Mark


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing would do. `refused` is not empty: nothing may be written.

    With a `ledger`, `state` is that part of the record which this run is about, and `rest` outputs are left alone.
    `record`: the mark of the record.
    """

    root: Path
    create: tuple[File, ...] = ()
    update: tuple[File, ...] = ()
    remove: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    ledger: Ledger | None = None
    rest: int = 0
    record: Mark = (0, 0, 0)

    @property
    def up_to_date(self) -> bool:
        return not (self.create or self.update or self.remove)


@dataclass(frozen=True, slots=True)
class Done:
    """What writing did: the files that it made, the mark of the record, and the disk's own time after all that (0: nothing
    was made)."""

    made: Made
    record: Mark
    time: int

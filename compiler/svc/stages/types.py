"""What goes in, what comes out, and what is known of one service in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from svc import gate
from svc.cache import Store
from svc.diagnostics import Diagnostic, Place, Severity
from svc.outputs import File, Rest
from svc.policy.waive import Waiver
from svc.records import dataclass, field
from svc.resolve.context import Neighbour
from svc.resolve.override import Override
from svc.resolve.unit import Unit
from svc.source import Source
from svc.specs import Read, from_disk
from svc.standing import Before, Row
from svc.targets.protocol import Fault, Subject, Target
from svc.tools import Toolbox

Shown = Callable[[Path], str]

Progress = Callable[[str, int, int], None]
"""Told the phase, how many services are done, and how many there are."""


def silent(phase: str, done: int, count: int) -> None:
    """Progress that nobody sees."""


def untold() -> None:
    """What a run looked at, where nobody knows."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run depended on, for the next one: see `svc.standing.Rows`. `rows`: each, with what tells whether its inputs
    are still what they were; None for those of the last run. `apart`: no row can stand for a service next time."""

    home: str
    base: str
    patterns: tuple[str, ...]
    common: tuple[str, ...]
    folders: tuple[str, ...]
    rows: tuple[tuple[Row, Callable[[], bool] | None], ...]
    search: Callable[[], frozenset[str]]
    """The specs that are found now."""
    specs: frozenset[str]
    still: Callable[[], bool]
    """Whether the workspace's file is what it was."""
    resumed: bool
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What to compile. Empty `environments` and `targets`: all. `today` decides which waivers have expired.

    `box` is where `cue` is found; without one, in the checkout alone. `load_text` is how specs and workspaces are read.
    `whole`: the result has the units and pieces, and everything happens in this process. Without it `jobs` processes
    share the work (0: as many as pay), and `store` may know the answer. `files` False: no file is rendered.
    """

    paths: tuple[Path, ...]
    shown: Shown
    today: date
    environments: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    overrides: Sequence[Override] = ()
    demand: gate.Demand = field(default_factory=gate.Demand)
    box: Toolbox | None = None
    load_text: Read = from_disk
    whole: bool = True
    files: bool = True
    jobs: int = 1
    store: Store | None = None
    before: Before | None = None
    """What the last run of this kind left: services that nothing touched since are not looked at again."""
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Piece:
    """One artifact of one service, on its way."""

    unit: Unit
    name: str
    target: Target
    artifact: Any
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """`outputs` is empty when an error-level diagnostic stands; `faults` are bugs of ours, found by verifying.

    `units` and `pieces` are there when the request asked for the whole; `services` are names and environments.
    """

    root: Path
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    units: tuple[Unit, ...] = ()
    pieces: tuple[Piece, ...] = ()
    services: tuple[tuple[str, tuple[str, ...]], ...] = ()
    outputs: tuple[File, ...] = ()
    faults: tuple[Fault, ...] = ()
    owners: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Files and folders of the user's own, relative to the output root."""
    rest: Rest | None = None
    """Outputs that are as the last run left them, and are not among `outputs`."""
    looked: Callable[[], Looked | None] = field(default=untold, compare=False, repr=False)
    """Every file and folder that all this depends on; None when that is not known."""

    @property
    def failed(self) -> bool:
        return any(one.counts and one.severity == Severity.ERROR for one in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Outline:
    """A spec after stages 1 to 3, as far as others need it. `source` is its name in reports.

    `sound`: every environment has its typed service, so that stage 4 can go on. `name` is empty when none has.
    """

    source: str
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    neighbour: Neighbour | None = None
    name: str = ""
    place: Place | None = None
    environments: tuple[str, ...] = ()
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """What only one service should have: a path in the secret store that it reads (`made`: by Terraform files that svc
    writes for it), a host with a path in an environment, a port of the nodes there, an object of a namespace."""

    kind: Literal["secret", "host", "node port", "object"]
    path: str
    place: Place
    made: bool = True
    environment: str = ""

    @property
    def key(self) -> str:
        return self.path if self.kind == "secret" else f"{self.kind} {self.path} in {self.environment}"


@dataclass(frozen=True, slots=True)
class Calls:
    """Whom a service calls in one environment, each with its place."""

    environment: str
    calls: tuple[tuple[str, bool, Place], ...]
    """(service, whether it has to be there first, place)"""


@dataclass(slots=True)
class Trace:
    """What a part depends on besides its spec: each with what it was."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    neighbours: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    secret: list[str] = field(default_factory=list)
    """Those of the files that hold one; what is made of them is not kept."""
    complete: bool = True
    """False: the part depends on more than this says, and is not kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """A service after stages 4 to 8. Each stage's diagnostics are apart: a later one does not speak when an earlier
    one of any service has stopped. `refused`: the policies could not be evaluated."""

    name: str = ""
    environments: tuple[str, ...] = ()
    resolved: tuple[Diagnostic, ...] = ()
    claims: tuple[Claimed, ...] = ()
    calls: tuple[Calls, ...] = ()
    lowered: tuple[Diagnostic, ...] = ()
    judged: tuple[Diagnostic, ...] = ()
    by_hand: tuple[Diagnostic, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    comments: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    kept: tuple[str, ...] = ()
    outputs: tuple[File, ...] = ()
    faults: tuple[Fault, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    trace: Trace = field(default_factory=Trace)
    unit: Unit | None = None
    pieces: tuple[Piece, ...] = ()


def stops(diagnostics: Sequence[Diagnostic]) -> bool:
    return any(one.severity == Severity.ERROR for one in diagnostics)

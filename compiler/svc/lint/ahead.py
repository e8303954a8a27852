"""One file of a run, read and judged by itself, ahead of what can be said only of all files together.

A `Part` is plain data: it crosses from process to process, and an earlier run's is as good as a new one. Places are
looked up while the spans are at hand; those of findings that other files bring about are asked for later.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc.diagnostics import Diagnostic, Place, Route, Within
from svc.lint import readers
from svc.lint.linted import Linted, Placing
from svc.policy.run import Bench, alone
from svc.policy.types import SETS, Finding, Settings
from svc.policy.waive import Waiver
from svc.records import dataclass
from svc.source import Source
from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.parse import Document
    from svc.targets.terraform.types import Module

Asked = tuple[int, Route, Within | None]

PAYS = 64
"""Files from which on a look into the cache is worth it, and for each of which many another process."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to be read by its kind's reader, or all `.tf` files of a folder (`folder` is its name in reports).

    `whole`: every file of the folder is here: none is a link, which nobody follows, and none is unreadable.
    `callers`: what the modules that call it choose of providers. `called`: by the source of a module that it calls, the types of
    resources that are declared there."""

    reader: str
    sources: tuple[Source, ...]
    file: Path
    named: bool = False
    folder: str = ""
    whole: bool = True
    callers: tuple[Module, ...] = ()
    called: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A finding: the rest of it is the policy's."""

    policy: str
    route: Route
    message: str
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`said`, by the number of the subject; `places`, by the number of the subject, the route and the part of its text.

    `open`: documents that other files of the run decide about, with their kind. `plain`: it holds no secret; None: nobody asked.
    `chart`: it heads a chart, which is read once all files are.

    All that a reader says to `Linted` is here, or what comes of it: what is not is lost where many files are judged.
    """

    subjects: tuple[Subject, ...]
    said: tuple[tuple[Said, ...], ...]
    places: dict[Asked, Place]
    diagnostics: tuple[Diagnostic, ...]
    shapes: tuple[Diagnostic, ...]
    waivers: tuple[Waiver, ...]
    spec: bool
    open: tuple[tuple[str, Document], ...] = ()
    plain: bool | None = None
    chart: bool = False


def read(entry: Entry, linted: Linted) -> None:
    """By the reader that `collect` chose."""
    if entry.reader == "terraform":
        from svc.lint.terraform_module import terraform  # a run without Terraform needs none of it

        terraform(entry, linted)
    elif entry.reader == "spec":
        linted.specs.append(entry.file)
    elif entry.reader == "dockerfile":
        readers.dockerfile(entry.sources[0], entry.file, linted)
    else:
        readers.yaml(entry.sources[0], entry.file, entry.named, linted)


def judged(entry: Entry, bench: Bench, settings: Settings) -> tuple[Part, Linted]:
    """The part, and what it was made from, which knows all places."""
    from svc.lint.findings import shapes

    linted = Linted()
    for source in entry.sources:
        linted.sources[source.name], linted.files[source.name] = source, entry.file
    read(entry, linted)
    subjects = tuple(linted.subjects)
    found = [alone(bench, subject) for subject in subjects]
    places = {
        (number, one.route, one.within): linted.places[id(subjects[number])](one.route, one.within)
        for number, several in enumerate(found)
        for one in several
    }
    open_ = [one for one in linted.shaped if _calls(one, subjects)]
    linted.shaped = [one for one in linted.shaped if one not in open_]
    part = Part(
        subjects,
        tuple(tuple(Said(one.policy, one.route, one.message, one.within) for one in several) for several in found),
        places,
        tuple(linted.diagnostics),
        () if settings.profile in SETS else tuple(shapes(linted, settings.kubernetes)),
        tuple(linted.waivers),
        bool(linted.specs),
        tuple(open_),
        chart=bool(linted.charts),
    )
    return part, linted


def place(linted: Linted, number: int, route: Route, within: Within | None) -> Place:
    return linted.places[id(linted.subjects[number])](route, within)


def take(part: Part, entry: Entry, bench: Bench, linted: Linted) -> None:
    """Adds a part to a run."""
    for number, (subject, several) in enumerate(zip(part.subjects, part.said, strict=True)):
        linted.add(subject, _kept(part, number))
        linted.ahead[id(subject)] = [
            Finding(one.policy, severity, subject, one.route, one.message, policy.help, one.within)
            for one in several
            for policy, severity in [bench.known[one.policy]]
        ]
    for subject in part.subjects:
        if subject.surface == "github":
            linted.called[subject.name] = subject.artifact.tree.data
    if part.plain:
        linted.plain.update([source.name for source in entry.sources])
    linted.say(*part.diagnostics)
    linted.shapes.extend(part.shapes)
    linted.waivers.extend(part.waivers)
    linted.shaped.extend(part.open)
    if part.spec:
        linted.specs.append(entry.file)
    if part.chart:
        linted.head(entry.sources[0], entry.file)


def _kept(part: Part, number: int) -> Placing:
    return lambda route, within=None, /: part.places[number, route, within]


def _calls(shaped: tuple[str, Document], subjects: Sequence[Subject]) -> bool:
    """Whether a workflow or an action calls what lies in its own repository; so does one that nobody could judge, and a
    compose file that may be laid over another."""
    from svc.lint import laid_over
    from svc.targets.github.types import Workflow

    if shaped[0] == "compose":
        return laid_over.may_be(shaped[1].source.name)
    artifacts = [one.artifact for one in subjects if isinstance(one.artifact, Workflow)]
    return not artifacts or any(one.kind == "local" for artifact in artifacts for one in artifact.uses)

"""What was read: artifacts to judge, how their routes become places, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from svc.diagnostics import Anchor, Diagnostic, Place, Route, Within
from svc.policy.comments import Comments
from svc.policy.types import Finding
from svc.policy.waive import Waiver
from svc.records import dataclass, field
from svc.source import Source
from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.kubernetes.types import Manifest
    from svc.parse import Document

Asked = tuple[Subject, Route, Within | None]


class Placing(Protocol):
    """Where a route of an artifact stands, or a part of the text there."""

    def __call__(self, route: Route, within: Within | None = None, /) -> Place: ...


def of_values(place: Callable[[Route, Anchor, Within | None], Place]) -> Placing:
    """The places of values."""
    return lambda route, within=None, /: place(route, "value", within)


class Placed(Protocol):
    """An object of the Kubernetes API that knows where it was written."""

    @property
    def manifest(self) -> Manifest: ...

    def place(self, route: Route, anchor: Anchor = "value", /) -> Place: ...


@dataclass(frozen=True, slots=True)
class Group:
    """The objects of a chart as rendered with one values file: they live together, apart from all others. Not `whole`:
    a template of the chart could not be rendered."""

    values: str
    subjects: list[Subject]
    whole: bool = True


def unprepared(_: Sequence[Asked]) -> None:
    """Every place is at hand."""


@dataclass(slots=True)
class Linted:
    """`specs` are left to the compiler's own pipeline. `files` are where the sources of a name are on disk."""

    subjects: list[Subject] = field(default_factory=list)
    places: dict[int, Placing] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    manifests: list[Placed] = field(default_factory=list)
    shaped: list[tuple[str, Document]] = field(default_factory=list)
    """Kind and document of workflows, actions and compose files, whose shape is judged once all files are read."""
    charts: dict[Path, str] = field(default_factory=dict)
    """Folders of charts that people wrote, with their names in reports."""
    templates: list[tuple[Path, Source, Path]] = field(default_factory=list)
    """Files in a chart's `templates/`: the chart, the text, the file."""
    groups: list[Group] = field(default_factory=list)
    specs: list[Path] = field(default_factory=list)
    dockerfiles: set[str] = field(default_factory=set)
    """Names of the files that were read as such."""
    beside: set[str] = field(default_factory=set)
    """Names of files that were read only because others mean nothing without them: what is found there does not count."""
    waivers: list[Waiver] = field(default_factory=list)
    ahead: dict[int, Sequence[Finding]] = field(default_factory=dict)
    """What was found already, by the `id` of the subject."""
    shapes: list[Diagnostic] = field(default_factory=list)
    """What is wrong with shapes, of what was judged already."""
    plain: set[str] = field(default_factory=set)
    """Sources in which nothing looks like a secret, as far as that was asked already."""
    called: dict[str, Any] = field(default_factory=dict)
    """The data of workflows and actions that were judged already, by name: others may call them."""
    prepare: Callable[[Sequence[Asked]], None] = unprepared
    """Told which places will be asked for."""

    def add(self, subject: Subject, place: Placing) -> None:
        self.subjects.append(subject)
        self.places[id(subject)] = place

    def head(self, source: Source, file: Path) -> None:
        """Notes the chart that a Chart.yaml heads."""
        self.charts[file.parent] = source.name.rpartition("/")[0]

    def say(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics.extend(diagnostics)

    def answer(self, comments: Comments) -> None:
        """Takes the waivers that stand in a file's comments."""
        self.waivers.extend(comments.waivers)
        self.diagnostics.extend(comments.problems)

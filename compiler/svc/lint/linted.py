"""What was read: artifacts to judge, how their routes become places, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from svc.diagnostics import Diagnostic, Place, Route
from svc.policy.comments import Comments
from svc.policy.waive import Waiver
from svc.source import Source
from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.kubernetes.read import ReadManifest

Placing = Callable[[Route], Place]


@dataclass(slots=True)
class Linted:
    """`specs` are left to the compiler's own pipeline. `files` are where the sources of a name are on disk."""

    subjects: list[Subject] = field(default_factory=list)
    places: dict[int, Placing] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    manifests: list[ReadManifest] = field(default_factory=list)
    specs: list[Path] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)

    def add(self, subject: Subject, place: Placing) -> None:
        self.subjects.append(subject)
        self.places[id(subject)] = place

    def say(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics.extend(diagnostics)

    def answer(self, comments: Comments) -> None:
        """Takes the waivers that stand in a file's comments."""
        self.waivers.extend(comments.waivers)
        self.diagnostics.extend(comments.problems)

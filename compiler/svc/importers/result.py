"""What an import gives back."""

from __future__ import annotations

from collections.abc import Mapping

from svc.diagnostics import Diagnostic
from svc.importers.draft import NO_IMAGE, Draft
from svc.importers.ledger import Entry
from svc.records import dataclass, field
from svc.source import Source


@dataclass(frozen=True, slots=True)
class Imported:
    """`drafts` are the specs; `entries` the account of every key, in the order of the files and lines. `project`: the name
    that the input has for all of it."""

    form: str
    drafts: tuple[Draft, ...] = ()
    entries: tuple[Entry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    project: str = ""

    @property
    def lost(self) -> bool:
        """Whether anything is gone, or was not there: an image."""
        named = all(not str(one.get("image")).startswith(NO_IMAGE) for one in self.drafts)
        return not named or any(one.note.fate == "dropped" for one in self.entries)

"""The account of an import as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from svc import visible
from svc.diagnostics import Route, shown
from svc.importers.ledger import Entry, Fate, Note
from svc.importers.result import Imported
from svc.records import replace

_FATES: dict[Fate, str] = {
    "dropped": "dropped, and why",
    "patch": "kept as a patch",
    "default": "left to the compiler",
    "mapped": "mapped",
}


Hide = Callable[[str], str]
"""A text of the input as it may be shown."""


def text(made: Imported, hide: Hide = str) -> str:
    """Losses first; a key whose whole content has the same fate stands for all of it."""
    counts = ", ".join(f"{_count(made, fate)} {fate}" for fate in ("mapped", "default", "patch", "dropped"))
    lines = [f"{made.form}: {len(made.entries)} keys: {counts}"]
    short = list(_short(made.entries))
    for fate, title in _FATES.items():
        found = [one for one in short if one.note.fate == fate]
        if found:
            lines += ["", f"{title}:", *(f"  {line}" for line in _lines(found, hide))]
    for title, key in (("to be completed", "missing"), ("added by the compiler", "added")):
        notes = [f"  {draft.name}: {hide(one)}" for draft in made.drafts for one in getattr(draft, key)]
        lines += ["", f"{title}:", *notes] if notes else []
    return "".join(f"{visible.one_line(line)}\n" for line in lines)


def _count(made: Imported, fate: str) -> int:
    return sum(1 for one in made.entries if one.note.fate == fate)


def _short(entries: Sequence[Entry]) -> Iterator[Entry]:
    """A key whose whole content has the same fate stands for all of it; one of whose parts each has its own is not said."""
    notes: dict[tuple[str, int, Route], set[Note]] = {}
    for one in entries:
        for length in range(1, len(one.route) + 1):
            notes.setdefault((one.file, one.document, one.route[:length]), set()).add(one.note)
    said: set[tuple[str, int, Route]] = set()
    for one in entries:
        prefixes = [one.route[:length] for length in range(1, len(one.route) + 1)]
        whole = next((part for part in prefixes if len(notes[one.file, one.document, part]) == 1), one.route)
        if (one.file, one.document, whole) not in said and not _told_below(one, notes):
            said.add((one.file, one.document, whole))
            yield replace(one, route=whole)


def _told_below(one: Entry, notes: Mapping[tuple[str, int, Route], set[Note]]) -> bool:
    """Whether a key has its fate of one of its parts."""
    others = notes[one.file, one.document, one.route] - {one.note}
    reasons = {note.reason for note in others if note.fate == one.note.fate}
    return not one.note.to and bool(reasons) and (one.note.reason == "" or one.note.reason in reasons)


def _lines(entries: Sequence[Entry], hide: Hide) -> Iterator[str]:
    for one in entries:
        to = f" -> {one.note.spec}: {hide(shown(one.note.to))}" if one.note.to else ""
        reason = f": {hide(one.note.reason)}" if one.note.reason else ""
        yield f"{one.file}:{one.line} {hide(shown(one.route))}{to}{reason}"


def as_json(made: Imported, hide: Hide = str) -> str:
    keys = [
        {
            "file": one.file,
            "line": one.line,
            "document": one.document,
            "key": hide(shown(one.route)),
            "fate": one.note.fate,
            "spec": one.note.spec,
            "to": hide(shown(one.note.to)),
            "reason": hide(one.note.reason),
        }
        for one in made.entries
    ]
    specs = [
        {"name": one.name, "folder": one.folder, "missing": [*map(hide, one.missing)], "added": [*map(hide, one.added)]}
        for one in made.drafts
    ]
    return visible.as_json({"version": 1, "from": made.form, "specs": specs, "keys": keys})

"""What an import made of a service, and what became of a key."""

from __future__ import annotations

from typing import Any

from svc.importers.result import Imported


def spec_of(made: Imported, name: str) -> dict[str, Any]:
    """The spec of a service."""
    return next(one.data for one in made.drafts if one.name == name)


def fate_of(made: Imported, *route: str | int, file: str = "") -> tuple[str, str]:
    """Of the key at a route in the first file that has it, or in `file`: its fate, and the reason."""
    entries = (one for one in made.entries if one.route == route and file in ("", one.file))
    return next((one.note.fate, one.note.reason) for one in entries)

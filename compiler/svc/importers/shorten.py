"""Jobs and workers that say all again: only what differs from the service stays, when the same objects come out."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from svc.diagnostics import Route
from svc.importers.check import Neighbours, check
from svc.importers.draft import Draft
from svc.importers.ledger import Ledger
from svc.records import replace

_MAPPINGS = ("env", "secrets", "files", "volumes")


def shorten(draft: Draft, neighbours: Neighbours, ledgers: Sequence[Ledger]) -> None:
    """Each part by itself: one that needs `inherit: false` keeps it."""
    before: object = None
    for kind in ("jobs", "workers"):
        for name, part in (draft.get(kind) or {}).items():
            if part.get("inherit") is not False:
                continue
            before = before or _objects(draft, neighbours)
            draft.data[kind][name] = _rest(draft, part)
            if _objects(draft, neighbours) == before:
                _moved(draft, (kind, name), ledgers)
            else:
                draft.data[kind][name] = part


def _objects(draft: Draft, neighbours: Neighbours) -> object:
    checked = check(draft, neighbours)
    return checked.faults, [(one.kind, one.name, one.tree.data) for one in checked.objects]


def _rest(draft: Draft, part: dict[str, Any]) -> dict[str, Any]:
    """What a part says beyond the service."""
    made = copy.deepcopy(part)
    del made["inherit"]
    for key in _MAPPINGS:
        own = draft.get(key) or {}
        made[key] = {name: value for name, value in (part.get(key) or {}).items() if own.get(name) != value}
    common = draft.get("env_from") or []
    if (part.get("env_from") or [])[: len(common)] == common:
        made["env_from"] = (part.get("env_from") or [])[len(common) :]
    writable = {*(draft.get("writable") or ["/tmp"]), *(draft.get("volumes") or {})}
    made["writable"] = [path for path in part.get("writable") or [] if path not in writable]
    if made.get("workdir") == draft.get("workdir"):
        made.pop("workdir", None)
    return {key: value for key, value in made.items() if value not in ({}, [])}


def _moved(draft: Draft, at: Route, ledgers: Sequence[Ledger]) -> None:
    """The account names the service's entry where the part's own is gone."""
    for ledger in ledgers:
        for route, note in ledger.notes.items():
            if note.spec == draft.name and note.to[:2] == at and draft.get(*note.to) is None:
                to = note.to[2:] if draft.get(*note.to[2:]) is not None else at
                ledger.notes[route] = replace(note, to=to)

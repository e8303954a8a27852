"""Compose services of one build, of which only one has ports, are one service with workers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from svc.importers.draft import Draft, label
from svc.importers.ledger import Ledger
from svc.records import replace

_CARRIED = ("command", "args", "workdir", "user", "env", "secrets", "files", "health", "resources", "capabilities",
            "scale", "rollout", "read_only", "group")  # fmt: skip


def fold(drafts: list[Draft], ledgers: Sequence[Ledger]) -> list[Draft]:
    """The drafts that are left; the account follows what has moved."""
    left = list(drafts)
    for main in drafts:
        if not main.get("ports") or main.get("build") is None:
            continue
        same = [one for one in left if one is not main and _source(one) == _source(main) and _fits(one, main)]
        if any(one.get("ports") for one in left if one is not main and _source(one) == _source(main)):
            continue
        for worker in same:
            _fold(worker, main, ledgers)
            left.remove(worker)
    return left


def _source(draft: Draft) -> str:
    build = {key: value for key, value in (draft.get("build") or {}).items() if value not in ("", {})}
    return json.dumps([draft.context, build, draft.get("image")], sort_keys=True)


def _fits(worker: Draft, main: Draft) -> bool:
    """A worker has no ports, and nothing that a worker of svc cannot have."""
    known = {"apiVersion", "name", "build", "image", "access", "needs", *_CARRIED}
    same_group = worker.get("group") == main.get("group")
    return not worker.get("ports") and set(worker.data) <= known and same_group and worker.get("read_only") is None


def _fold(worker: Draft, main: Draft, ledgers: Sequence[Ledger]) -> None:
    name = label(worker.name.removeprefix(f"{main.name}-"))
    made: dict[str, Any] = {key: worker.data[key] for key in _CARRIED if key in worker.data and key != "group"}
    for key in ("env", "secrets"):
        for variable in list(made.get(key) or {}):
            if key == "secrets" and main.get("secrets", variable) is not None:
                made[key][variable] = main.get("secrets", variable)
    shared = all(
        (made.get(key) or {}).get(one) == value
        for key in ("env", "secrets")
        for one, value in (main.get(key) or {}).items()
    )
    if shared and not main.get("files") and not main.get("volumes") and not main.get("workdir"):
        for key in ("env", "secrets"):
            rest = {one: value for one, value in (made.get(key) or {}).items() if one not in (main.get(key) or {})}
            made.pop(key, None)
            made.update({key: rest} if rest else {})
    else:
        made["inherit"] = False
    main.set(("workers", name), made)
    for need, value in (worker.get("needs") or {}).items():
        main.set(("needs", need), value)
    reached = sorted({*(main.get("access", "to") or []), *(worker.get("access", "to") or [])} - {main.name})
    if reached:
        main.set(("access", "to"), reached)
    main.missing += [one for one in worker.missing if one not in main.missing and "build" not in one]
    _moved(worker.name, name, main, ledgers)


def _moved(old: str, name: str, main: Draft, ledgers: Sequence[Ledger]) -> None:
    for ledger in ledgers:
        for route, note in ledger.notes.items():
            if note.spec != old:
                continue
            to = ("workers", name, *note.to) if note.to[:1] and note.to[0] in _CARRIED else note.to
            if note.to[:1] and main.get(*to) is None:
                to = note.to
            ledger.notes[route] = replace(note, spec=main.name, to=to)

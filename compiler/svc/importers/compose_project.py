"""The services of a project: one of several files of a folder is put together from all of them, as compose does."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from svc.importers.compose_beside import services
from svc.importers.compose_extends import Services, chain
from svc.importers.draft import Draft
from svc.importers.ledger import Ledger, View

Chains = Mapping[str, list[View]]
"""Name (`name@folder` where another folder has the same) -> what the service is made of, the farthest first."""


def chains(ledgers: Sequence[Ledger], every: Services) -> dict[str, list[View]]:
    found: dict[str, list[View]] = {}
    homes: dict[str, str] = {}
    for ledger in ledgers:
        folder = _folder(ledger)
        for name, view in services(View(ledger)).items():
            own = name if homes.setdefault(name, folder) == folder else f"{name}@{folder}"
            links = found.setdefault(own, [])
            links += [link for link in chain(view, every) if link not in links]
    return found


def _folder(ledger: Ledger) -> str:
    return posixpath.dirname(ledger.document.source.name)


def place(draft: Draft, links: Sequence[View], first: Ledger) -> None:
    """A build's folder is beside the file that names it, which may be included from another folder."""
    building = next((link for link in reversed(links) if link.at("build").there), None)
    if building is None or not draft.context:
        return
    beside = posixpath.relpath(_folder(building.ledger) or ".", _folder(first) or ".")
    if beside != "." and not beside.startswith(".."):
        draft.context = posixpath.normpath(posixpath.join(beside, draft.context))
        inside = not draft.context.startswith("..") and "://" not in draft.context
        draft.folder = draft.context if inside and draft.context != "." else draft.folder

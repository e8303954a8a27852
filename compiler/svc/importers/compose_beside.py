"""Compose files that others extend: read, and accounted for as far as something of them is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svc.importers.compose_extends import wanted
from svc.importers.compose_files import Read
from svc.importers.compose_tags import parse_tagged, tags
from svc.importers.ledger import Ledger, View
from svc.source import Source


def services(top: View) -> dict[str, View]:
    found = top.at("services") if top.at("services").there else top
    return {name: view for name, view in found.items() if isinstance(view.value, dict)}


def beside(ledgers: Sequence[Ledger], reader: Read) -> list[Ledger]:
    """The files that services extend and that are not imported themselves; unreadable ones are left out."""
    asked = {one.document.source.name for one in ledgers}
    found: list[Ledger] = []
    pending = list(ledgers)
    while pending:
        for view in services(View(pending.pop(0))).values():
            file, _ = wanted(view) or ("", "")
            source = reader(file) if file and file not in asked else None
            asked.add(file)
            if isinstance(source, Source):
                made = _ledger(source, len(ledgers) + len(found))
                found += made
                pending += made
    return found


def _ledger(source: Source, index: int) -> list[Ledger]:
    parsed = parse_tagged(source)
    if parsed.problems or len(parsed.documents) != 1 or not isinstance(parsed.documents[0].data, dict):
        return []
    return [Ledger(parsed.documents[0], index, tags(parsed.documents[0], source))]


def close(others: Iterable[Ledger], used: Iterable[View]) -> None:
    """What nothing extends is not asked for."""
    taken = {(id(view.ledger), view.route) for view in used}
    for ledger in others:
        for view in services(View(ledger)).values():
            if (id(ledger), view.route) not in taken:
                view.default("nothing that is imported extends it")
        for key, view in View(ledger).items():
            if key != "services" and View(ledger).at("services").there:
                view.default("the file is only read for what is extended")

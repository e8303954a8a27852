"""Compose files that others include or extend: read, and accounted for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

from svc.importers.compose_extends import wanted
from svc.importers.compose_files import Read, shell
from svc.importers.compose_tags import parse_tagged, tags
from svc.importers.compose_values import filled
from svc.importers.ledger import Ledger, View
from svc.parse import Parsed
from svc.source import Source


def services(top: View) -> dict[str, View]:
    found = top.at("services") if top.at("services").there else top
    return {name: view for name, view in found.items() if isinstance(view.value, dict)}


def included(ledgers: Sequence[Ledger], reader: Read) -> list[Ledger]:
    """The files that are included, and those that they include: their services are imported like the others."""
    asked = {one.document.source.name for one in ledgers}
    found: list[Ledger] = []
    pending = list(ledgers)
    while pending:
        top = View(pending.pop(0))
        for one in _includes(top):
            paths = one.at("path") if isinstance(one.value, dict) else one
            for part in paths.each() or [paths]:
                made = _included(part, one, asked, reader, len(ledgers) + len(found))
                found += made
                pending += made
    return found


def _includes(top: View) -> list[View]:
    view = top.at("include")
    listed = view.each()
    if listed:
        view.default("each file says what became of it")
    return listed or ([view] if view.there else [])


def _included(part: View, one: View, asked: set[str], reader: Read, index: int) -> list[Ledger]:
    here = part.ledger.document.source.name
    name = posixpath.normpath(posixpath.join(posixpath.dirname(here), filled(part)))
    for key in ("env_file", "project_directory"):
        if isinstance(one.value, dict) and one.at(key).there:
            one.at(key).default("read with the file, as far as it is there")
    if name in asked:
        part.default("imported as well")
        return []
    asked.add(name)
    source = reader(name)
    if not isinstance(source, Source):
        part.dropped(f"it cannot be read ({source.message}): import it as well")
        return []
    env_file = one.at("env_file") if isinstance(one.value, dict) else None
    files = (env_file.texts() if env_file is not None else []) or [".env"]
    beside = here if env_file is not None and env_file.there else name
    values = {**shell(reader, beside, files), **part.ledger.values}
    parsed = parse_tagged(Source(name, source.text))
    if parsed.problems:
        wrong = parsed.problems[0]
        line = wrong.place.span.line if wrong.place.span is not None else 1
        part.dropped(f"{name}:{line} cannot be read: {wrong.message}")
        return []
    made = _ledger(parsed, Source(name, source.text), index, values)
    if made:
        part.default("its services are imported along")
    else:
        part.dropped(f"{name} is no compose file")
    return made


def beside(ledgers: Sequence[Ledger], reader: Read) -> list[Ledger]:
    """The files that services extend and that are not imported themselves; unreadable ones are left out."""
    asked = {one.document.source.name for one in ledgers}
    found: list[Ledger] = []
    pending = list(ledgers)
    while pending:
        ledger = pending.pop(0)
        for view in services(View(ledger)).values():
            file, _ = wanted(view) or ("", "")
            source = reader(file) if file and file not in asked else None
            asked.add(file)
            if isinstance(source, Source):
                made = _ledger(parse_tagged(source), source, len(ledgers) + len(found), ledger.values)
                found += made
                pending += made
    return found


def _ledger(parsed: Parsed, source: Source, index: int, values: Mapping[str, str]) -> list[Ledger]:
    if parsed.problems or len(parsed.documents) != 1 or not isinstance(parsed.documents[0].data, dict):
        return []
    return [Ledger(parsed.documents[0], index, tags(parsed.documents[0], source), values)]


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

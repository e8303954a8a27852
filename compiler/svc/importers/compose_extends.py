"""`extends`: a service and those whose keys it takes over."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from svc.importers.ledger import View

Services = Mapping[tuple[str, str], View]
"""(file, service) -> the service, of all files that are imported."""


def chain(view: View, services: Services) -> list[View]:
    """The service with all that it extends, the farthest first. What is not there, or extends itself, ends it."""
    found = [view]
    while True:
        named = wanted(found[0])
        base = services.get(named) if named is not None else None
        if base is None or any(one.route == base.route and one.ledger is base.ledger for one in found):
            return found
        found.insert(0, base.of(view.spec))


def wanted(view: View) -> tuple[str, str] | None:
    extends, here = view.at("extends"), view.ledger.document.source.name
    if not extends.there:
        return None
    name = extends.at("service").text if isinstance(extends.value, dict) else extends.text
    file = extends.at("file").text if isinstance(extends.value, dict) else ""
    return (posixpath.normpath(posixpath.join(posixpath.dirname(here), file)) if file else here), name


def account(view: View, services: Services) -> None:
    """Says what became of `extends` itself."""
    part, base = view.at("extends"), wanted(view)
    if base is None:
        return
    if base in services and len(chain(view, services)) > 1:
        part.default(f"the keys of {base[1]} are taken over")
    elif base in services:
        part.dropped("it extends itself")
    else:
        part.dropped(f"there is no service {base[1]} in {base[0]}, or the file cannot be read")

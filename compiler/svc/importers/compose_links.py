"""`links` of a compose service: whom it reaches, also under another name."""

from __future__ import annotations

from svc.importers.compose_values import filled
from svc.importers.draft import Draft
from svc.importers.ledger import View


def linked(links: list[View], draft: Draft, hosts: set[str]) -> set[str]:
    """The services that it is linked with; an alias that its variables name is said."""
    found = set()
    for link in links:
        for one in link.of(draft.name).at("links").each():
            name, _, alias = filled(one).partition(":")
            found.add(name)
            if alias and alias != name:
                one.dropped(
                    f"the name {alias} is {name} here: write that where the program connects to it", "access", "to"
                )
                used = f", as {', '.join(sorted(_users(draft, alias)))} must say" if alias in hosts else ""
                draft.missing.append(f"`{alias}` is a name that only compose gives: connect to `{name}` instead{used}")
    return found


def _users(draft: Draft, alias: str) -> list[str]:
    return [name for name, value in (draft.get("env") or {}).items() if isinstance(value, str) and alias in value]

"""`links` of a compose service: other services, also under names of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svc.importers.compose_values import filled
from svc.importers.draft import Draft
from svc.importers.ledger import View


def aliases(links: Sequence[View]) -> Iterable[tuple[str, str]]:
    """(name here, service) of everything that it is linked with."""
    for link in links:
        for one in link.at("links").each():
            name, _, alias = filled(one).partition(":")
            yield alias or name, name


def linked(links: Sequence[View], draft: Draft) -> None:
    """An alias is a name that only compose gives: where variables have it, a reference stands in its place."""
    for link in links:
        for one in link.of(draft.name).at("links").each():
            name, _, alias = filled(one).partition(":")
            if alias and alias != name:
                one.dropped(f"the name {alias} is {name} here; variables that name it do so", "access", "to")
                draft.missing.append(
                    f"`{alias}` is a name that only compose gives: `env` has references, the program must"
                )

"""Which line of a template makes a part of an environment's object: items that an environment lacks count for nothing there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Route
from svc.targets.helm.types import Added, Entry, Fields, Items, Node, Template
from svc.targets.helm.values import at, holds, merged

Shifts = Mapping[Route, Mapping[int, int | None]]
"""List in the template -> index of an item there -> its index in the object, None where the object lacks it."""


def moving(template: Template) -> tuple[tuple[Route, Items], ...]:
    """The lists whose items are not the same in every environment, outer ones first."""
    return tuple(_moving(template.body, ()))


def _moving(node: Node, route: Route) -> Iterator[tuple[Route, Items]]:
    if isinstance(node, Fields):
        for entry in node.entries:
            if isinstance(entry, Entry) and entry.key:
                yield from _moving(entry.node, (*route, entry.key))
    elif isinstance(node, Items):
        if any(isinstance(entry, Added) or entry.when is not None for entry in node.entries):
            yield route, node
        entries = [entry for entry in node.entries if isinstance(entry, Entry)]
        for index, entry in enumerate(entries):
            yield from _moving(entry.node, (*route, index))


def shifts(lists: tuple[tuple[Route, Items], ...], base: Mapping[str, Any], over: Mapping[str, Any]) -> Shifts:
    """Of one environment, whose values are `over` on top of `base`."""
    values = merged(base, over)
    return {route: _indices(items, values) for route, items in lists}


def _indices(items: Items, values: Mapping[str, Any]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    there = 0
    for entry in items.entries:
        if isinstance(entry, Added):
            added = at(values, entry.path)
            there += len(added) if isinstance(added, list | dict) else 0
        else:
            shown = entry.when is None or holds(entry.when, values)
            found[len(found)] = there if shown else None
            there += shown
    return found


def moved(route: Route, shifted: Shifts) -> Route | None:
    """A route of the template as one of the object; None when the object has nothing there."""
    made: list[str | int] = []
    for index, part in enumerate(route):
        if isinstance(part, int) and route[:index] in shifted:
            there = shifted[route[:index]].get(part)
            if there is None:
                return None
            made.append(there)
        else:
            made.append(part)
    return tuple(made)

"""Parts of objects that stand in a template as they are: no rule speaks of any key in them, and environments agree."""

from __future__ import annotations

from collections.abc import Set
from typing import Any


def untouched(data: Any, spoken: Set[str]) -> set[int]:
    """The `id` of every mapping and list of an object in which none of the keys stands, however deep.

    Good for as long as the object is there.
    """
    found: set[int] = set()
    _visit(data, spoken, found)
    return found


def _visit(node: Any, spoken: Set[str], found: set[int]) -> bool:
    free = not isinstance(node, dict) or spoken.isdisjoint(node)
    for one in node.values() if isinstance(node, dict) else node:
        if type(one) is dict or type(one) is list:
            free = _visit(one, spoken, found) and free
    if free:
        found.add(id(node))
    return free

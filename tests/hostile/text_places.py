"""Every place of plain data where a text stands: its keys and its texts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Place = tuple[tuple[str | int, ...], bool]
"""A route, and whether its last key is meant and not its value."""


def places(node: Any, at: tuple[str | int, ...] = ()) -> Iterator[Place]:
    for part, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if isinstance(part, str):
            yield (*at, part), True
        if isinstance(value, str):
            yield (*at, part), False
        yield from places(value, (*at, part))


def put(data: Any, place: Place, text: str) -> Any:
    """A copy of the data with a text in a place; keys keep their order."""
    made = copy.deepcopy(data)
    at, key = place
    node: Any = made
    for part in at[:-1]:
        node = node[part]
    if key:
        items = [(text if name == at[-1] else name, value) for name, value in node.items()]
        node.clear()
        node.update(items)
    else:
        node[at[-1]] = text
    return made

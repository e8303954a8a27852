"""Routes as people write them."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.patterns import regex

_PART = regex(r"\[(\d+)\]|\[\"([^\"]*)\"\]|([^.\[\]]+)")


def parse_route(text: str) -> Route:
    """`containers[0].image` as a route; the inverse of `shown` for keys without dots and brackets."""
    parts: list[str | int] = []
    for index, quoted, word in _PART.findall(text):
        parts.append(int(index) if index else quoted or word)
    return tuple(parts)

"""Circles of services that call one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(calls: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """For every call that leads back, the shortest way back; each circle once, from its first name on, sorted."""
    found = set()
    for start, called in calls.items():
        for name in called:
            way = _shortest(calls, name, start)
            if way:
                circle = way if name == start else (start, *way[:-1])
                first = circle.index(min(circle))
                found.add((*circle[first:], *circle[:first]))
    yield from sorted(found)


def _shortest(calls: Mapping[str, Sequence[str]], start: str, goal: str) -> tuple[str, ...]:
    """The services from one to another, both included; of several ways as short, the first by name."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        if way[-1] == goal:
            return way
        for name in sorted(calls.get(way[-1], ())):
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()

"""Circles of services that call one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(calls: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """For every call that leads back, the shortest way back; each circle once, from its first name on, sorted."""
    found = set()
    knot = _knots(calls)
    for start, called in calls.items():
        for name in called:
            way = _shortest(calls, name, start) if name in knot and knot[name] == knot[start] else ()
            if way:
                circle = way if name == start else (start, *way[:-1])
                first = circle.index(min(circle))
                found.add((*circle[first:], *circle[:first]))
    yield from sorted(found)


def _knots(calls: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """A number for each caller: the same for those from which ways lead to each other, and for no others (Kosaraju).

    Nothing is searched between the others: that took minutes of ten thousand services.
    """
    callers: dict[str, list[str]] = {}
    for start, called in calls.items():
        for name in called:
            callers.setdefault(name, []).append(start)
    knot: dict[str, int] = {}
    for number, start in enumerate(reversed(_in_order_of_end(calls))):
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name not in knot and name in calls:
                knot[name] = number
                waiting += callers.get(name, ())
    return knot


def _in_order_of_end(calls: Mapping[str, Sequence[str]]) -> list[str]:
    """The callers, each after all that it leads to, except where that leads back."""
    done: list[str] = []
    seen: set[str] = set()
    for start in calls:
        waiting = [(start, False)]
        while waiting:
            name, left = waiting.pop()
            if left:
                done.append(name)
            elif name not in seen and name in calls:
                seen.add(name)
                waiting.append((name, True))
                waiting += [(other, False) for other in calls[name]]
    return done


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

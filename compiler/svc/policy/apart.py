"""Checks that judge each part of an artifact by itself, asked about every part once.

An artifact with `portions` consists of parts (`svc.targets.protocol.Divided`). What a check under `APART` says of a portion
depends on nothing else, so that it holds for every artifact that has the portion: services of a workspace share most.
Portions that are new are judged together, as one artifact that has only them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from svc.checks import Bound, Said
from svc.diagnostics import Route
from svc.targets.protocol import Divided, Portion

LIMIT = 2048
"""Portions that are remembered."""


class Ready(Protocol):
    """A policy that runs, with its parameters bound."""

    @property
    def check(self) -> Bound: ...

    @property
    def params(self) -> Any: ...


R = TypeVar("R", bound=Ready)
Told = tuple[R, Said]


class Apart:
    """What policies say of portions."""

    def __init__(self, ready: Sequence[R]) -> None:
        self._general = [one for one in ready if one.check.about is None]
        self._special: dict[str, list[R]] = {}
        for one in ready:
            for kind in one.check.about(one.params) if one.check.about is not None else ():
                self._special.setdefault(kind, []).append(one)
        self._said: dict[tuple[int, ...], tuple[Portion, tuple[Told[Any], ...]]] = {}

    def judge(self, artifact: Divided) -> Iterator[Told[Any]]:
        portions = artifact.portions
        known = self._said
        fresh = {at: portion for at, portion in portions.items() if portion.key not in known}
        if fresh:
            if len(known) + len(fresh) > LIMIT:
                known.clear()
                fresh = dict(portions)
            found = self._judged(artifact, fresh)
            for at, portion in fresh.items():
                known[portion.key] = portion, tuple(found.get(at, ()))
        for portion in portions.values():
            yield from known[portion.key][1]

    def _judged(self, artifact: Divided, portions: Mapping[Route, Portion]) -> dict[Route, list[Told[Any]]]:
        """By the address of the portion, with which the route of every finding begins."""
        part = artifact.only(portions)
        found: dict[Route, list[Told[Any]]] = {}
        special = {id(one): one for portion in portions.values() for one in self._special.get(portion.kind, ())}
        for one in (*self._general, *special.values()):
            for said in one.check.single(part, one.params):
                route = said[0]
                at = next(route[:length] for length in range(len(route), 0, -1) if route[:length] in portions)
                found.setdefault(at, []).append((one, said))
        return found

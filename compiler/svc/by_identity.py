"""What was made of things that are the same only as themselves: parts of schemas, which no look-up could compare in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
V = TypeVar("V")


class ByIdentity(Generic[T, V]):
    """Holds the things, too, so that no other gets their identity. Full, it begins anew: what is asked for often is
    soon there again, and a look-up changes nothing."""

    __slots__ = ("_kept", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[int, tuple[T, V]] = {}

    def get(self, thing: T, make: Callable[..., V], *more: Any) -> V:
        """What `make` gives for the thing. `more` it gets, too, and is always the same for one thing."""
        found = self._kept.get(id(thing))
        if found is None:
            made = make(thing, *more)
            if len(self._kept) >= self._most:
                self._kept.clear()
            found = self._kept[id(thing)] = (thing, made)
        return found[1]

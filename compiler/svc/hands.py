"""Several pieces of work at once, each waiting for programs, so that an interrupt is heard whenever it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

R = TypeVar("R")
HEARD = 0.2
"""Seconds. Python handles a signal between two steps of the main thread: one that comes just before a wait without an
end is handled after it, so nobody waits longer than this without a look."""


def at_once(pieces: Sequence[Callable[[], R]], hands: int) -> Iterator[R]:
    """What the pieces give, in their order, at most `hands` at work. The first error of a piece ends the others that wait."""
    from concurrent.futures import ThreadPoolExecutor, wait

    pool = ThreadPoolExecutor(hands)
    try:
        for one in [pool.submit(piece) for piece in pieces]:
            while not one.done():
                wait([one], HEARD)
            yield one.result()
    finally:
        pool.shutdown(cancel_futures=True)

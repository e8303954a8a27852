"""Pieces of work at once: their order, the first error, and an interrupt that comes at a bad moment."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from svc.hands import at_once
from svc.lock import locked


def test_what_they_give_comes_in_their_order() -> None:
    """Each piece waits for a later one, so that one after another would never end."""
    done = [threading.Event() for _ in range(3)]

    def piece(number: int) -> int:
        if number < 2:
            assert done[number + 1].wait(10)
        done[number].set()
        return number

    assert list(at_once([partial(piece, number) for number in range(3)], 3)) == [0, 1, 2]


def test_an_error_ends_those_that_wait() -> None:
    begun: list[int] = []

    def piece(number: int) -> None:
        begun.append(number)
        if number == 1:
            raise ValueError(number)
        time.sleep(0.05)

    with pytest.raises(ValueError, match="1"):
        list(at_once([partial(piece, number) for number in range(9)], 1))
    assert len(begun) < 5


def test_an_interrupt_is_heard_though_nothing_wakes_the_wait() -> None:
    """The signal reaches another thread, as it reaches nobody when it comes just before the wait begins."""
    with _interrupted() as (piece, in_time), pytest.raises(KeyboardInterrupt):
        list(at_once([piece], 1))
    assert in_time == [True]


def test_so_it_is_while_another_svc_has_the_folder(tmp_path: Path) -> None:
    theirs = ExitStack()
    theirs.enter_context(locked(tmp_path))

    def other(piece: Callable[[], None]) -> None:
        with theirs:
            piece()

    with _interrupted() as (piece, in_time):
        thread = threading.Thread(target=other, args=(piece,))
        thread.start()
        with pytest.raises(KeyboardInterrupt), locked(tmp_path):
            pass
        thread.join()
    assert in_time == [True]


@contextmanager
def _interrupted() -> Iterator[tuple[Callable[[], None], list[bool]]]:
    """What another thread calls to interrupt the main one, which is not woken, and whether that heard it in time."""
    heard = threading.Event()
    in_time: list[bool] = []

    def told(number: int, _: FrameType | None) -> NoReturn:
        heard.set()
        raise KeyboardInterrupt

    def piece() -> None:
        time.sleep(0.1)  # the main thread waits by now
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        in_time.append(heard.wait(10))

    before = signal.signal(signal.SIGUSR1, told)
    try:
        yield piece, in_time
    finally:
        signal.signal(signal.SIGUSR1, before)

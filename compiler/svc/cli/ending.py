"""Ending when the user or the machine says so: programs that were started end first, and temporary files go."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

_TOLD = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Terminated(BaseException):
    """A signal that ends a process; from the keyboard it is KeyboardInterrupt."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def prepare() -> None:
    """Listens to the signals that this process does not ignore. A second one ends it at once."""
    for number in _TOLD:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _told)


def leave(number: int) -> NoReturn:
    """Ends as if nobody had listened, so that the caller sees which signal it was."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def _told(number: int, _: FrameType | None) -> None:
    for one in _TOLD:
        signal.signal(one, signal.SIG_DFL)
    error = KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)
    if (child := sys.modules.get("svc.child")) is None:
        raise error
    child.told(error)

"""What long work says on a terminal while it goes on: the phase, and how many services are done. Nothing when piped."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_PATIENCE = 0.5
"""Seconds after which work is long."""
_PAUSE = 0.1


def teller() -> Callable[[str, int, int], None]:
    """Tells standard error, when that is a terminal; the line is gone when all is done."""
    if not sys.stderr.isatty():
        return _silent
    started = time.monotonic()
    last = started + _PATIENCE - _PAUSE
    shown = False

    def tell(phase: str, done: int, count: int) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if shown and done == count:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            shown = False
        elif done < count and now - last >= _PAUSE:
            sys.stderr.write(f"\r\033[K{phase} {done}/{count}")
            sys.stderr.flush()
            last, shown = now, True

    return tell


def _silent(phase: str, done: int, count: int) -> None:
    pass

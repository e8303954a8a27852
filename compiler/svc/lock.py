"""One svc at a time writes below an output root; the next one waits. Nothing is left behind: the folder itself is locked."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

_AGAIN = 0.02
"""Seconds between two looks at a lock that somebody else has. Waiting for it without an end would not do: an interrupt
that comes just before such a wait is heard after it."""


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds the folder, which is made when it is not there. Where a system cannot lock folders, nothing is held."""
    if os.name != "posix":
        yield
        return
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY)
    try:
        take(handle)
        yield
    finally:
        os.close(handle)


def take(handle: int, *, wait: bool = True) -> bool:
    """Whether the lock of a file was taken. Where a system or a disk cannot lock, it is not."""
    try:
        import fcntl
    except ImportError:
        return False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                return False
            time.sleep(_AGAIN)
        except OSError:
            return False
        else:
            return True

"""One svc at a time writes below an output root; the next one waits. Nothing is left behind: the folder itself is locked."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds the folder, which is made when it is not there. Where a system cannot lock folders, nothing is held."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

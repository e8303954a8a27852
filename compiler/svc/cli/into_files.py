"""Reports and baselines into files: those that are there, and pipes and devices such as /dev/stdout."""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 5.0
"""Seconds in which somebody has to open a pipe to read it, as one does who is started beside svc."""
_OURS = ("/dev/", "/proc/")
"""Where pipes have names that were open before svc was started: /dev/stdout, and `>(command)` of a shell."""


def to_file(file: Path, text: str) -> None:
    """Writes all or nothing; a link is followed. OSError where nobody can have it."""
    from svc.write import place

    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        found = os.stat(file)  # noqa: PTH116 - Path.resolve raises no OSError for a link that leads to itself
    except FileNotFoundError:
        found = None
    if found is None or stat.S_ISREG(found.st_mode):
        place(Path(os.path.realpath(file)), text)
        return
    with suppress(BrokenPipeError):  # the reader may be gone
        if stat.S_ISFIFO(found.st_mode):
            _into_pipe(file, text)
        else:
            file.write_text(text, "utf-8")


def _into_pipe(file: Path, text: str) -> None:
    """To open a pipe is to wait for its reader, for ever if there is none."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            handle = os.open(file, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
            break
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if os.path.realpath(file).startswith(_OURS):
                return
            if time.monotonic() > until:
                raise OSError(errno.ENXIO, "nobody reads this pipe", str(file)) from None
        time.sleep(0.02)
    os.set_blocking(handle, True)
    with open(handle, "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write(text)

"""Where a run says what it says: a reader that has gone ends nothing, and what cannot be written is no success."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

from svc.cli.exits import Exit


class _Heard(io.FileIO):
    """What nobody reads any more, as behind `| head`, is dropped: the run goes on, and its verdict counts."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def prepare() -> None:
    """Makes the streams of this process fit for whatever is said: what an encoding lacks, such as a byte of a file's
    name, is escaped."""
    sys.stdout = _fit(sys.stdout) if sys.stdout else _nowhere()
    sys.stderr = _fit(sys.stderr) if sys.stderr else _nowhere()


def _fit(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    encoding = stream.encoding if stream.isatty() else "utf-8"
    if type(getattr(stream.buffer, "raw", stream.buffer)) is not io.FileIO:  # a console of Windows has its own
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
        return stream
    raw = _Heard(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        raw if stream.write_through else io.BufferedWriter(raw),
        encoding,
        "backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _nowhere() -> TextIO:
    """Where what is said goes when there is no stream: who closes one wants none of it, as with /dev/null; git and ruff
    do the same."""
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123


def flushed(code: int) -> int:
    """The exit code, once all that was said is with its reader."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except ValueError:  # closed
        return code
    except OSError as error:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"svc: what it says cannot be written: {(error.strerror or str(error)).lower()}\n")
            sys.stderr.flush()
        return code if code in (Exit.INTERNAL, Exit.INTERRUPTED) else Exit.INVALID
    return code

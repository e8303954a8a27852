"""Stage 1: a path or stdin becomes a `Source`: strict UTF-8, size-limited, read once, nothing interpreted."""

from __future__ import annotations

import os
import stat
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from svc.diagnostics import Diagnostic, Place, Severity, Span
from svc.patterns import regex
from svc.records import dataclass

LIMIT = 8 * 1024 * 1024
"""Bytes; a service, chart or workflow of this size is a mistake."""

_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opens without waiting, should a pipe have taken the file's place since it was looked at."""
_BREAK = regex(r"\r\n|\n|\r")
_ALONE = regex(r"\r(?!\n)")
_NEWLINE = regex(r"\n")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file under the name by which it is reported."""

    name: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines that spans count: split at `\\n`, `\\r\\n` and `\\r` only; the last one may be empty."""
        return lines_of(self.text)


def lines_of(text: str) -> list[str]:
    """The lines of a text, as YAML, HCL and every editor count them; `str.splitlines` knows seven more ends."""
    return _BREAK.split(text)


def by_lines(text: str) -> Callable[[Span], Span]:
    """From the lines that BuildKit and Terraform count to those of a `Source`: a carriage return alone ends a line here, and
    none there."""
    if "\r" not in text or not _ALONE.search(text):
        return lambda span: span
    theirs = [0, *(found.end() for found in _NEWLINE.finditer(text))]
    ours = [0, *(found.end() for found in _BREAK.finditer(text))]

    def moved(line: int, column: int) -> tuple[int, int]:
        at = min(theirs[line - 1] + column - 1, len(text))
        row = bisect_right(ours, at)
        return row, at - ours[row - 1] + 1

    return lambda span: Span(*moved(span.line, span.column), *moved(span.end_line, span.end_column))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why there is no `Source`: the file, not the program, is at fault."""

    name: str
    id: str
    message: str
    help: str = ""

    @property
    def diagnostic(self) -> Diagnostic:
        return Diagnostic(self.id, Severity.ERROR, self.message, Place(self.name), self.help)


def load(path: str | Path, *, name: str | None = None, limit: int = LIMIT) -> Source | Unreadable:
    """The text of a regular file of at most `limit` bytes. Pipes, devices and folders are never opened."""
    shown = Path(path).as_posix() if name is None else name
    found = contents(path, shown, limit)
    return found if isinstance(found, Unreadable) else decode(found, shown)


def is_folder(path: str | Path) -> bool:
    """Whether a path leads to a folder. Where nobody may look it is none: reading it says why."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises there


def typed(name: str) -> str:
    """A file's name as it is typed in a shell, where no program takes it for an option."""
    import shlex

    return shlex.quote(f"./{name}" if name.startswith("-") and name != "-" else name)


def contents(path: str | Path, shown: str, limit: int = LIMIT) -> bytes | Unreadable:
    """The bytes of such a file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a path costs as much as the reading of a small file
        mode = found.st_mode
        if stat.S_ISDIR(mode):
            return Unreadable(shown, "file-is-folder", "this is a folder, not a file", "name a file in it")
        if not stat.S_ISREG(mode):
            return Unreadable(shown, "file-not-regular", "this is not a regular file", "use `-` to read standard input")
        data = _read(path, limit, found.st_size)
        return data if len(data) <= limit else _too_large(shown, limit)
    except FileNotFoundError:
        return Unreadable(shown, "file-missing", "no such file")
    except (OSError, ValueError) as error:
        return unreadable(shown, error)


def unreadable(shown: str, error: OSError | ValueError) -> Unreadable:
    """A file or folder that the system does not give."""
    reason = getattr(error, "strerror", None) or str(error)
    return Unreadable(shown, "file-unreadable", f"cannot be read: {reason.lower()}")


def from_stdin(stream: BinaryIO, *, name: str = "<stdin>", limit: int = LIMIT) -> Source | Unreadable:
    """The text of an open binary stream, `sys.stdin.buffer` for one; at most `limit` bytes are kept."""
    data = stream.read(limit + 1)
    return decode(data, name) if len(data) <= limit else _too_large(name, limit)


def _read(path: str | Path, limit: int, expected: int) -> bytes:
    """At most one byte more than the limit. One call of the system tells that a file ends at its `expected` size."""
    handle = os.open(path, _AT_ONCE)
    try:
        data = os.read(handle, min(expected, limit) + 1)
        while len(data) != expected and len(data) <= limit:  # it has changed, or its size is not told
            more = os.read(handle, limit + 1 - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(handle)


def _too_large(name: str, limit: int) -> Unreadable:
    return Unreadable(name, "file-too-large", f"larger than the limit of {limit} bytes")


def decode(data: bytes, name: str) -> Source | Unreadable:
    """Strict UTF-8; a byte order mark at the start is dropped, one of UTF-16 or UTF-32 is explained."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return Unreadable(name, "file-not-utf8", "encoded as UTF-16 or UTF-32", "save the file as UTF-8")
    try:
        return Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, start) + 1
        message = f"byte 0x{data[start]:02x} on line {line} is not UTF-8"
        return Unreadable(name, "file-not-utf8", message, "save the file as UTF-8")

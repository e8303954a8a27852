"""Texts that wait for the writer, packed: a run over thousands of services writes all or nothing."""

from __future__ import annotations

import os
import zlib

from svc.records import dataclass, field

LIMIT = 8 * 1024 * 1024
"""Packed bytes that stay in memory: some hundred services."""


class Spool:
    """Packs of texts, in memory as long as they are few, then in one temporary file without a name. That is gone with
    the object, and when the process ends however it ends."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._memory = bytearray()
        self._file: int | None = None
        self._size = 0
        self._last: tuple[int, bytes] = (-1, b"")

    def put(self, pack: bytes) -> int:
        """Keeps a pack; where it is."""
        start = self._size
        self._size += len(pack)
        self._memory += pack
        if len(self._memory) > self._limit:
            self._away()
        return start

    def text(self, pack: tuple[int, int], start: int, length: int) -> str:
        """A text of the pack at a place, of a length. The pack that was opened last stays open."""
        if self._last[0] != pack[0]:
            self._last = (pack[0], zlib.decompress(self._get(*pack)))
        return self._last[1][start : start + length].decode()

    def _get(self, start: int, length: int) -> bytes:
        away = self._size - len(self._memory)
        if start >= away:
            return bytes(self._memory[start - away : start - away + length])
        assert self._file is not None, "what is not in memory is in the file"
        return os.pread(self._file, length, start)

    def _away(self) -> None:
        if self._file is None:
            import tempfile

            with tempfile.TemporaryFile(prefix="svc-") as made:
                self._file = os.dup(made.fileno())
        rest = memoryview(self._memory)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        rest.release()
        self._memory = bytearray()

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)


@dataclass(frozen=True, slots=True)
class Spooled:
    """As `svc.outputs.Output`, with the text in a pack of a spool: `start` and `length` are bytes of the opened pack."""

    path: str
    owner: str
    sha256: str
    start: int
    length: int
    pack: tuple[int, int] = field(compare=False, repr=False)
    spool: Spool = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        return self.spool.text(self.pack, self.start, self.length)

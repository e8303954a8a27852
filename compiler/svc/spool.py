"""Texts that wait for the writer outside of memory: a run over thousands of services writes all or nothing."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field


class Spool:
    """One temporary file without a name; it is gone with the object, and when the process ends however it ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="svc-")  # noqa: SIM115
        self._size = 0

    def put(self, data: bytes) -> int:
        """Keeps bytes; where they are."""
        start = self._size
        self._file.write(data)
        self._size += len(data)
        return start

    def get(self, start: int, length: int) -> bytes:
        self._file.flush()
        return os.pread(self._file.fileno(), length, start)

    def __del__(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class Spooled:
    """As `svc.write.Output`, with the text in a spool."""

    path: str
    owner: str
    sha256: str
    start: int
    length: int
    spool: Spool = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        return self.spool.get(self.start, self.length).decode()

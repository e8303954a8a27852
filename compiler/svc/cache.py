"""What earlier runs made, by the digest of everything that it depends on.

An entry is written to a temporary file and renamed, and carries its own checksum: runs at the same time and runs that
are killed leave whole entries or none. One that does not check out is no entry. Only plain data of ours is read back.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from svc.digests import sha256
from svc.records import dataclass

LIMIT = 1024 * 1024 * 1024
"""Bytes that the cache may take; the entries that were used longest ago go first."""
_MAGIC = b"svc2"
_HEAD = 36
"""Bytes of the magic word and the sum."""
_LENGTH = struct.Struct("<Q")
_COUNT = itertools.count()
_GROWN = "grown"
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Size:
    """What a cache takes: entries and bytes."""

    entries: int
    size: int


class Store:
    """A folder of entries. A folder that cannot be used, or that others may write to, is as an empty one.

    `codes`: what `svc.installed` said of folders; a store is opened once a run."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.codes: dict[tuple[Path, ...], str] = {}
        self._limit = limit
        self._usable: bool | None = None

    def get(self, key: str) -> Any | None:
        """What is known under a key, None for nothing."""
        found = self.find(key)
        return found[0] if found is not None else None

    def find(self, key: str) -> tuple[Any, bytes] | None:
        """What is known under a key, and the bytes that were kept with it."""
        if not self._may():
            return None
        try:
            with open(self._path(key), "rb", buffering=0) as stream:  # noqa: PTH123
                data = stream.read()
                self._used(stream.fileno())
            return _opened(data)
        except (OSError, ValueError):
            return None

    def put(self, key: str, value: Any, beside: bytes = b"") -> None:
        """Keeps a value, and bytes beside it as they are; where that is not possible, nothing happens."""
        if not self._may():
            return
        data = _closed(value, beside)
        path = self._path(key)
        with contextlib.suppress(OSError):
            try:
                name, handle = _fresh(path)
            except FileNotFoundError:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                name, handle = _fresh(path)
            try:
                with os.fdopen(handle, "wb", buffering=0) as stream:
                    whole = stream.write(data) == len(data)
                if whole:
                    os.replace(name, path)  # noqa: PTH105
                else:  # the disk is full
                    Path(name).unlink(missing_ok=True)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._grow(len(data))

    def ready(self) -> bool:
        """Whether something can be kept; the folder is made."""
        return self._may()

    def trim(self) -> None:
        """Keeps the bound: looked at when what came in since the last time is a sixteenth of it."""
        grown = self.folder / _GROWN
        try:
            if grown.stat().st_size == 0 or sum(map(int, grown.read_text().split())) < self._limit // 16:
                return
            grown.unlink()
        except (OSError, ValueError):
            return
        found = sorted(self._files(), key=lambda one: one[1].st_mtime)
        total = sum(state.st_size for _, state in found)
        old = time.time() - _HOUR
        for path, state in found:
            left = path.name.startswith("new-") and state.st_mtime < old
            if left or total > self._limit:
                path.unlink(missing_ok=True)
                total -= state.st_size

    def size(self) -> Size:
        states = [state.st_size for _, state in self._files()]
        return Size(len(states), sum(states))

    def clean(self) -> Size:
        """Removes every entry, and says what there was. Nothing else in the folder is touched."""
        was = self.size()
        for path, _ in list(self._files()):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (self.folder / _GROWN).unlink()
        for folder in self._folders():
            with contextlib.suppress(OSError):
                folder.rmdir()
        return was

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [one for one in sorted(self.folder.iterdir()) if len(one.name) == 2 and one.is_dir()]

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for folder in self._folders():
            for path in sorted(folder.iterdir()):
                with contextlib.suppress(OSError):
                    yield path, path.lstat()

    def _may(self) -> bool:
        if self._usable is None:
            self._usable = _private(self.folder)
        return self._usable

    def _used(self, handle: int) -> None:
        """An entry that is read is young again; once an hour is enough."""
        if os.fstat(handle).st_mtime < time.time() - _HOUR and os.utime in os.supports_fd:
            os.utime(handle)

    def _grow(self, size: int) -> None:
        with open(self.folder / _GROWN, "ab", buffering=0) as stream:  # noqa: PTH123
            stream.write(f"{size}\n".encode())


def _private(folder: Path) -> bool:
    """Whether the folder, made when it is not there, is ours alone to write to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except OSError:
        return False
    own = getattr(os, "geteuid", None)
    return own is None or (state.st_uid == own() and not state.st_mode & 0o022)


def place(environ: Mapping[str, str]) -> Path | None:
    """Where the cache of a user is: SVC_CACHE_DIR, or `svc` below the folder that the XDG rules give."""
    given = environ.get("SVC_CACHE_DIR", "")
    if given:
        return Path(given)
    base = environ.get("XDG_CACHE_HOME", "")
    if base and Path(base).is_absolute():
        return Path(base) / "svc"
    home = environ.get("HOME", "")
    return Path(home) / ".cache" / "svc" if home else None


def key(*parts: object) -> str:
    """The digest of plain values; each part is apart from the next."""
    made = sha256()
    for part in parts:
        text = part if isinstance(part, bytes) else repr(part).encode()
        made.update(b"%d:" % len(text))
        made.update(text)
    return made.hexdigest()


def _fresh(path: Path) -> tuple[str, int]:
    """A file beside an entry that is going to be."""
    while True:
        name = f"{path.parent}/new-{os.getpid():x}-{next(_COUNT):x}"
        with contextlib.suppress(FileExistsError):
            return name, os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _closed(value: Any, beside: bytes) -> bytes:
    from svc.pickles import pickled

    data = zlib.compress(pickled(value), 1)
    data = b"%s%s%s" % (_LENGTH.pack(len(data)), data, beside)
    return _MAGIC + sha256(data).digest() + data


def _opened(data: bytes) -> tuple[Any, bytes]:
    """Raises ValueError for anything that `_closed` did not make."""
    from svc.pickles import plain

    view = memoryview(data)[_HEAD:]
    if data[:4] != _MAGIC or data[4:_HEAD] != sha256(view).digest():
        raise ValueError("not an entry")
    try:
        end = _LENGTH.size + _LENGTH.unpack_from(view)[0]
        value = plain(zlib.decompress(view[_LENGTH.size : end]))
    except Exception as error:  # whatever is wrong with it, it is no entry
        raise ValueError("not an entry") from error
    return value, bytes(view[end:])

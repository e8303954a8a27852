"""Files that are going to be: every text in a temporary file beside its target, then one rename each."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from svc.lock import take
from svc.pool import Channel, Team, WorkerDied, possible

_MANY = 64
"""Files from which on the disk is waited for once, not for each."""
_PAYS = 1000
"""Files from which on several processes are faster than one: each has hundreds to make."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_LEFT = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_COUNT = itertools.count()


class Text(Protocol):
    """A file's path below the root, and its text when it is asked for."""

    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...


Made = dict[str, tuple[int, int, int]]
"""Of each file below the root that was made: its inode, its size, and when its text was written, in nanoseconds."""


class _Batch:
    """The files that one process makes: all staged, then all moved. `drop` removes what was not moved."""

    def __init__(self, root: Path, files: Sequence[Text], *, alone: bool) -> None:
        self._root, self._files, self._alone = str(root), files, alone
        self._staged: list[tuple[str, str]] = []
        self._moved = 0

    def stage(self) -> Made:
        folders: set[str] = set()
        made: Made = {}
        for one in self._files:
            target = os.path.join(self._root, one.path)  # noqa: PTH118
            folder_of(target, folders)
            self._staged.append((stage(target, one.text, alone=self._alone), target))
            state = os.stat(self._staged[-1][0])  # noqa: PTH116
            made[one.path] = (state.st_ino, state.st_size, state.st_mtime_ns)
        return made

    def move(self) -> Made:
        for temporary, target in self._staged:
            os.replace(temporary, target)  # noqa: PTH105
            self._moved += 1
        return {}

    def drop(self) -> None:
        for temporary, _ in self._staged[self._moved :]:
            Path(temporary).unlink(missing_ok=True)


def put_all(root: Path, files: Sequence[Text], hands: int = 1) -> Made:
    """Puts every file in its place when all of them are on the disk. OSError: those not yet moved are gone again."""
    alone = len(files) < _MANY
    if hands > 1 and len(files) >= _PAYS and possible():
        return _shared(root, files, hands)
    batch = _Batch(root, files, alone=alone)
    try:
        made = batch.stage()
        if not alone:
            _settle()
        batch.move()
    finally:
        batch.drop()
    return made


def _shared(root: Path, files: Sequence[Text], hands: int) -> Made:
    """The same by several processes, each with files that stand together."""
    share = -(-len(files) // hands)

    def serve(channel: Channel) -> None:
        first = channel.receive() * share
        batch = _Batch(root, files[first : first + share], alone=False)
        try:
            try:
                channel.send(_tried(batch.stage))
                channel.receive()
                channel.send(_tried(batch.move))
                channel.receive()
            finally:
                _deaf()  # the one SIGTERM of the team may come here, too
        finally:
            _deaf()
            batch.drop()

    with Team(hands, serve) as team:
        for number in range(hands):
            team.send(number, number)
        made = _all_done(team)
        _settle()
        try:
            for number in range(hands):
                team.send(number, None)
            _all_done(team)
        except WorkerDied as died:
            died.wrote = True
            raise
    return made


def _deaf() -> None:
    """What a process made is removed before it ends."""
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _tried(step: Callable[[], Made]) -> Made | tuple[int | None, str, str | None]:
    """What a step made, or a failure of the disk as plain data."""
    try:
        return step()
    except OSError as error:
        return error.errno, error.strerror or str(error), error.filename


def _all_done(team: Team) -> Made:
    made: Made = {}
    for found in [team.receive(number) for number in range(len(team))]:
        if isinstance(found, tuple):
            raise OSError(*found)
        made.update(found)
    return made


def _settle() -> None:
    """Once for all of them: to wait for each costs milliseconds a file."""
    if hasattr(os, "sync"):
        os.sync()


def place(target: Path, text: str | bytes, mode: int = 0o644) -> None:
    """One file, as a first spec or a record: whole or not at all. What a killed run left of it is removed."""
    _sweep(str(target))
    name, handle = _held(str(target))
    try:
        _fill(handle, text, mode)
        os.fsync(handle)
        os.replace(name, target)  # noqa: PTH105
    except BaseException as error:
        _drop(name, error, str(target))
        raise
    finally:
        os.close(handle)


def folder_of(target: str, known: set[str]) -> None:
    """The folder of a file that is going to be, made where it is not there."""
    folder = os.path.dirname(target)  # noqa: PTH120
    if folder not in known:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        known.add(folder)


def stage(target: str, text: str | bytes, *, alone: bool = True) -> str:
    """The text in a file beside the target. `alone`: on the disk when this returns; others wait for all at once."""
    name, handle = _fresh(target)
    try:
        try:
            _fill(handle, text, 0o644)
            if alone:
                os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException as error:
        _drop(name, error, target)
        raise
    return name


def _fill(handle: int, text: str | bytes, mode: int) -> None:
    data = text.encode() if isinstance(text, str) else text
    while data := data[os.write(handle, data) :]:
        pass
    os.fchmod(handle, mode)


def _drop(name: str, error: BaseException, target: str) -> None:
    """Removes a file that could not be made, and lets the error name the one that was wanted."""
    if isinstance(error, OSError):
        error.filename, error.filename2 = target, None
    with contextlib.suppress(OSError):
        Path(name).unlink(missing_ok=True)


def _held(target: str) -> tuple[str, int]:
    """A file beside the target that is locked as long as its handle is open, so that others see that it is in use."""
    while True:
        name, handle = _fresh(target)
        if take(handle) and not os.path.exists(name):  # noqa: PTH110 - somebody swept it before that
            os.close(handle)
            continue
        return name, handle


def _sweep(target: str) -> None:
    """Removes temporary files of a target whose makers are gone."""
    folder, base = os.path.split(target)
    with contextlib.suppress(OSError):
        for name in os.listdir(folder or "."):  # noqa: PTH208
            if name.endswith(".svc") and name.startswith(f".{base}.") and len(name) == len(base) + 14:
                left = os.path.join(folder, name)  # noqa: PTH118
                handle = os.open(left, _LEFT)
                try:
                    if take(handle, wait=False):
                        Path(left).unlink()
                finally:
                    os.close(handle)


def _fresh(target: str) -> tuple[str, int]:
    """A file that was not there. Its name is made here: `tempfile` takes as long for it as the disk for the file."""
    folder, base = os.path.split(target)
    while True:
        name = os.path.join(folder, f".{base}.{os.getpid() & 0xFFF:03x}{next(_COUNT) & 0xFFFFF:05x}.svc")  # noqa: PTH118
        try:
            return name, os.open(name, _NEW, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            error.filename = target
            raise

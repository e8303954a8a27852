"""One child process from its start to its end: a group of its own, a time limit, a limit for what it prints.

Only `tools` calls it, and imports it when the first program is started.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from svc.records import dataclass

MARK = "SVC_RUN"
"""A variable that tells whatever a program starts from everything else: the number of svc's process and of its call."""
_COUNT = itertools.count()
_RUNNING: dict[subprocess.Popen[bytes], bytes] = {}
_STOPPED = threading.Event()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_RUNNING.clear)


@dataclass(slots=True)
class _Told:
    """What a signal said while the main thread, in which handlers run, was starting a program that nobody knew yet."""

    starting: bool = False
    error: BaseException | None = None


_TOLD = _Told()


def told(error: BaseException) -> None:
    """For handlers of signals: ends every program and raises `error`, where one is just being started once it is known."""
    stop_all()
    if not _TOLD.starting:
        raise error
    _TOLD.error = error


def stop_all() -> None:
    """Ends every program that runs, and each that is started from here on: svc itself is told to end.

    Waits for none of them: a signal may come while this very thread waits, and holds the lock for that.
    """
    _STOPPED.set()
    for process, mark in tuple(_RUNNING.items()):
        _signal_group(process)
        _kill_marked(mark)


@dataclass(frozen=True, slots=True)
class Ended:
    """What is left of a child. `finished`: it ended by itself in time; `overflowed`: it printed too much."""

    returncode: int
    stdout: str
    stderr: str
    finished: bool
    overflowed: bool


def run_to_end(
    argv: Sequence[str],
    stdin: str | None,
    cwd: Path | None,
    env: Mapping[str, str],
    timeout: float,
    output_limit: int,
) -> Ended:
    """Starts a program without a shell and waits for it. When this returns, its whole group is dead; when it had to be
    stopped, so is what left the group.

    `timeout` in seconds, `output_limit` in bytes for stdout and stderr each. OSError or ValueError: it did not start.
    """
    number = f"{os.getpid()}.{next(_COUNT)}"
    mark = f"{MARK}={number}".encode()
    process = _started(argv, cwd, {**env, MARK: number}, mark)
    finished = False
    try:
        if _STOPPED.is_set():
            _kill_group(process)
        _raise_told()
        pipes = _pump(process, stdin, output_limit)
        finished = _wait(process, pipes, timeout)
    finally:
        _kill_group(process)
        if not finished or process.returncode < 0:
            _kill_marked(mark)
        _RUNNING.pop(process, None)
    _close(pipes)
    out, err = (pipe.text() for pipe in pipes)
    return Ended(process.returncode, out, err, finished, any(pipe.overflowed for pipe in pipes))


def _started(argv: Sequence[str], cwd: Path | None, env: Mapping[str, str], mark: bytes) -> subprocess.Popen[bytes]:
    """The program, known to whoever ends programs before a signal is heard."""
    main = threading.current_thread() is threading.main_thread()
    if main:
        _TOLD.starting = True
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=env,
            start_new_session=True,
        )
        _RUNNING[process] = mark
    except (OSError, ValueError):
        _raise_told()
        raise
    finally:
        if main:
            _TOLD.starting = False
    return process


def _raise_told() -> None:
    if _TOLD.error is not None and threading.current_thread() is threading.main_thread():
        error, _TOLD.error = _TOLD.error, None
        raise error


@dataclass(slots=True)
class _Pipe:
    """One output stream, read by a thread of its own so that neither stream can block the other."""

    stream: IO[bytes]
    limit: int
    chunks: list[bytes]
    overflowed: bool = False
    thread: threading.Thread | None = None

    def drain(self, process: subprocess.Popen[bytes]) -> None:
        size = 0
        while chunk := os.read(self.stream.fileno(), 65536):
            size += len(chunk)
            if size > self.limit:
                self.overflowed = True
                _kill_group(process)
                return
            self.chunks.append(chunk)

    def text(self) -> str:
        return b"".join(self.chunks).decode("utf-8", errors="replace")


def _pump(process: subprocess.Popen[bytes], stdin: str | None, limit: int) -> tuple[_Pipe, _Pipe]:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    pipes = (_Pipe(process.stdout, limit, []), _Pipe(process.stderr, limit, []))
    for pipe in pipes:
        pipe.thread = threading.Thread(target=pipe.drain, args=(process,), daemon=True)
        pipe.thread.start()
    threading.Thread(target=_feed, args=(process.stdin, (stdin or "").encode()), daemon=True).start()
    return pipes


def _feed(stream: IO[bytes], data: bytes) -> None:
    """A program may end without reading its input; that is its business, not an error."""
    with contextlib.suppress(OSError):
        stream.write(data)
    with contextlib.suppress(OSError):
        stream.close()


def _wait(process: subprocess.Popen[bytes], pipes: tuple[_Pipe, _Pipe], timeout: float) -> bool:
    """Whether the program, and whatever it left holding its output, ended in time.

    When svc is told to end, what still holds the output is not waited for: it was just being started, when its variables
    cannot be read, and is looked for once more.
    """
    end = time.monotonic() + timeout
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return False
    for pipe in pipes:
        while pipe.thread and pipe.thread.is_alive() and not _STOPPED.is_set() and time.monotonic() < end:
            pipe.thread.join(min(0.2, max(0.0, end - time.monotonic())))
        if pipe.thread and _STOPPED.is_set():
            pipe.thread.join(0.5)  # what a program that was ended has said may not have been read yet
    return not any(pipe.thread and pipe.thread.is_alive() for pipe in pipes)


def _close(pipes: tuple[_Pipe, _Pipe]) -> None:
    """What cannot be told to be a descendant may hold a pipe open for ever: its reader is left to the daemon thread."""
    for pipe in pipes:
        if pipe.thread:
            pipe.thread.join(1.0)
        if pipe.thread is None or not pipe.thread.is_alive():
            pipe.stream.close()


def _kill_marked(mark: bytes) -> None:
    """Ends what a program started and put into a group of its own. Only Linux shows the variables of processes."""
    for _ in range(10):  # one that is found may have started another
        found = [number for number in _processes() if mark in _variables(number)]
        if not found:
            return
        for number in found:
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:
        return []


def _variables(number: int) -> list[bytes]:
    """The environment of a process of this user; of others, and of one that has ended, nothing."""
    try:
        with open(f"/proc/{number}/environ", "rb", buffering=0) as stream:  # noqa: PTH123
            return stream.read().split(b"\0")
    except OSError:
        return []


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the program and its descendants; harmless when they have ended already."""
    _signal_group(process)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

"""Processes that share the work of one run.

They are forked, so they have what the parent has read and imported, and talk to it over pipes. One that dies ends the
run with `WorkerDied`; one that fails says how, in `WorkerFailed`. None outlives the `with` block or the parent.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from svc.records import dataclass

if TYPE_CHECKING:
    from types import FrameType, TracebackType

_LENGTH = 8
"""Bytes in which the length of an object is written before it."""
_PATIENCE = 2.0
"""Seconds that a worker has to end what it started before it is killed."""


class WorkerDied(Exception):
    """A process of ours ended before its work did: killed, or for want of memory. `wrote`: files may have changed."""

    wrote = False


class WorkerFailed(Exception):
    """An exception in a worker. `kind` is its class, `where` the place in words, `trace` the traceback."""

    def __init__(self, kind: str, message: str, where: str, trace: str) -> None:
        super().__init__(message)
        self.kind, self.where, self.trace = kind, where, trace


@dataclass(frozen=True, slots=True)
class _Failure:
    kind: str
    message: str
    where: str
    trace: str
    tool: str = ""


class Channel:
    """One end of a conversation: whole objects, in order. In the middle of one, nobody waits without an end for the
    other: a signal that comes just before such a wait is heard."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        os.set_blocking(writer, False)

    def fileno(self) -> int:
        """What can be waited for until there is something to receive."""
        return self._reader

    def send(self, value: Any) -> None:
        import pickle

        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        rest = memoryview(len(data).to_bytes(_LENGTH, "little") + data)
        while rest:
            try:
                rest = rest[os.write(self._writer, rest) :]
            except BlockingIOError:  # it is full
                _await(writers=[self._writer])

    def receive(self) -> Any:
        """The next object. EOFError when the other end is gone."""
        import pickle

        size = int.from_bytes(self._read(_LENGTH, begun=False), "little")
        return pickle.loads(self._read(size, begun=True))  # noqa: S301  # from a process of our own

    def _read(self, size: int, *, begun: bool) -> bytearray:
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            if begun:
                _await(readers=[self._reader])
            count = os.readv(self._reader, [rest])
            if not count:
                raise EOFError
            rest, begun = rest[count:], True
        return data

    def close(self) -> None:
        """What was not sent is gone, and so may the other end be."""
        for handle in (self._writer, self._reader):
            with contextlib.suppress(OSError):
                os.close(handle)


def _await(readers: Sequence[int] = (), writers: Sequence[int] = ()) -> int:
    """The first of some pipes that can be read, or written to, whenever that is. In between, signals are heard."""
    import select

    from svc.hands import HEARD

    while True:
        readable, writable, _ = select.select(readers, writers, [], HEARD)
        if readable or writable:
            return int((*readable, *writable)[0])


def possible() -> bool:
    """Whether this machine can fork."""
    return hasattr(os, "fork")


def cores() -> int:
    """The processors that this process may use."""
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known is not None else os.cpu_count() or 1


class Team:
    """`jobs` workers, each running `serve` at its end of a channel until the parent's end is closed."""

    def __init__(self, jobs: int, serve: Callable[[Channel], None]) -> None:
        import signal

        self._channels: list[Channel] = []
        self._pids: list[int] = []
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # every child is known before one is ended
        try:
            for _ in range(jobs):
                self._start(serve)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except BaseException:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self._end()
            raise

    def __enter__(self) -> Team:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._end()

    def __len__(self) -> int:
        return len(self._pids)

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(self._pids)

    def send(self, worker: int, value: Any) -> None:
        try:
            self._channels[worker].send(value)
        except BrokenPipeError:
            self._died(worker)

    def receive(self, worker: int) -> Any:
        self._waited([worker])
        try:
            value = self._channels[worker].receive()
        except EOFError:
            self._died(worker)
        if isinstance(value, _Failure):
            _raise(value)
        return value

    def receive_any(self, workers: Sequence[int]) -> tuple[int, Any]:
        """The first of some workers that has something to say, and what it says."""
        worker = self._waited(workers)
        return worker, self.receive(worker)

    def _waited(self, workers: Sequence[int]) -> int:
        handles = {self._channels[worker].fileno(): worker for worker in workers}
        return handles[_await(readers=list(handles))]

    def _start(self, serve: Callable[[Channel], None]) -> None:
        from_child, to_parent = os.pipe()
        from_parent, to_child = os.pipe()
        pid = os.fork()
        if not pid:
            for other in self._channels:
                other.close()
            os.close(from_child)
            os.close(to_child)
            _child(Channel(from_parent, to_parent), serve)
        os.close(to_parent)
        os.close(from_parent)
        self._pids.append(pid)
        self._channels.append(Channel(from_child, to_child))

    def _died(self, worker: int) -> NoReturn:
        pid = self._pids[worker]
        _, status = os.waitpid(pid, 0)
        self._pids[worker] = 0
        code = os.waitstatus_to_exitcode(status)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        raise WorkerDied(f"a worker process {how} before its work was done; --jobs 1 needs the least memory")

    def _end(self) -> None:
        import signal

        for channel in self._channels:
            channel.close()
        for pid in self._pids:
            if pid and not _ended(pid, 0.0):
                _signal(pid, signal.SIGTERM)
        for pid in self._pids:
            if pid and not _ended(pid, _PATIENCE):
                _signal(pid, signal.SIGKILL)
                _ended(pid, None)
        self._pids.clear()


def _ended(pid: int, seconds: float | None) -> bool:
    """Whether a child has ended, which is waited for; None: however long it takes."""
    import time

    limit = None if seconds is None else time.monotonic() + seconds
    while True:
        try:
            done, _ = os.waitpid(pid, 0 if limit is None else os.WNOHANG)
        except ChildProcessError:
            return True
        if done:
            return True
        if limit is not None and time.monotonic() >= limit:
            return False
        time.sleep(0.005)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _child(channel: Channel, serve: Callable[[Channel], None]) -> NoReturn:
    """Runs in the worker and never returns: the parent's own handlers and buffers are none of its business."""
    import signal

    code = 0
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
        signal.signal(signal.SIGTERM, _stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        try:
            serve(channel)
        except (EOFError, BrokenPipeError):  # the parent is gone
            code = 1
        except Exception as error:
            channel.send(_failure(error))
    except BaseException:
        code = 1
    finally:
        os._exit(code)


def _stop(number: int, _: FrameType | None) -> None:
    import sys

    error = SystemExit(128 + number)
    if (child := sys.modules.get("svc.child")) is None:
        raise error
    child.told(error)


def _failure(error: Exception) -> _Failure:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{frame.name}, {frame.filename.rsplit('/svc/', 1)[-1]}:{frame.lineno}"
    trace = "".join(traceback.format_exception(error))
    return _Failure(type(error).__name__, str(error), where, trace, str(getattr(error, "tool", "")))


def _raise(failure: _Failure) -> NoReturn:
    from svc import tools

    known = (tools.ToolMissing, tools.ToolCrashed, tools.ToolTimeout)
    for kind in known if failure.tool else ():
        if kind.__name__ == failure.kind:
            raise kind(failure.tool, failure.message)
    raise WorkerFailed(failure.kind, failure.message, failure.where, failure.trace)

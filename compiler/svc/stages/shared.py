"""Who works on which service: this process alone, or several that share the files between them.

The order of results is the order of the files, whatever the number of processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from svc.pool import Channel, Team, cores, possible
from svc.records import dataclass, field
from svc.resolve.context import Neighbour
from svc.specs import Located
from svc.stages import service
from svc.stages.types import Outline, Part, Request
from svc.stages.warm import warm

BATCH = 32
"""Services that are judged together, so that CUE and ShellCheck are started once for them."""
KEPT = 500
"""Specs whose typed form a process keeps between the two stages, 100 kB each; those of the others are made again."""
PAYS = 24
"""Services for which another process is worth its start."""
_ROUNDS = 4
"""Chunks that each process gets at least where there are enough services, so that all end at about the same time."""

Neighbours = Mapping[str, Neighbour]
Done = Callable[[Path, Outline, Part], Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A spec to work on. `near`: only its facts are wanted."""

    file: Path
    near: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """All that a stage is to do: outlines of jobs, or parts of files."""

    jobs: Sequence[Job] = ()
    files: Sequence[Path] = ()
    neighbours: Neighbours = field(default_factory=dict)


@dataclass
class Worker:
    """One process's hands. `near` and `done` are told of results, since the cache keeps them; what `done` makes of a
    part is what comes out."""

    located: Located
    request: Request
    near: Callable[[Path, Outline], None]
    done: Done
    drafted: dict[Path, tuple[Outline, service.Drafted]] = field(default_factory=dict)

    @cached_property
    def rules(self) -> service.Ruled:
        return service.ruled(self.located, self.request.demand)

    def outline(self, job: Job) -> Outline:
        found, drafted = service.outline(job.file, self.located, self.request, near=job.near)
        if job.near:
            self.near(job.file, found)
        elif drafted is not None and (self.request.whole or len(self.drafted) < KEPT):
            self.drafted[job.file] = (found, drafted)
        return found

    def parts(self, files: Sequence[Path], neighbours: Neighbours) -> Iterator[Any]:
        size = len(files) if self.request.whole else BATCH
        for first in range(0, len(files), size or 1):
            chosen = files[first : first + size]
            known = [self._draft(file) for file in chosen]
            batch = [drafted for _, drafted in known]
            found = service.parts(batch, neighbours, self.located, self.request, lambda: self.rules)
            for file, (outline, _), part in zip(chosen, known, found, strict=True):
                yield self.done(file, outline, part)

    def _draft(self, file: Path) -> tuple[Outline, service.Drafted]:
        kept = self.drafted.pop(file, None)
        if kept is None:
            outline, drafted = service.outline(file, self.located, self.request)
            assert drafted is not None, "a spec that could be read can be read again"
            return outline, drafted
        return kept

    def serve(self, channel: Channel) -> None:
        """Gets the work of a stage, then chunks of it by number, and answers each with a list of results."""
        work = _Work()
        while True:
            said = channel.receive()
            if isinstance(said, _Work):
                work = said
            elif work.jobs:
                channel.send([self.outline(job) for job in work.jobs[slice(*said)]])
            else:
                channel.send(list(self.parts(work.files[slice(*said)], work.neighbours)))


class Crew:
    """All hands of a run. Use as a context: it ends the processes that it started."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._team: Team | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._team is not None:
            self._team.__exit__(None, None, None)

    @property
    def rules(self) -> service.Ruled:
        return self._worker.rules

    def outlines(self, jobs: Sequence[Job]) -> Iterator[Outline]:
        team = self._started(len(jobs))
        if team is None:
            yield from map(self._worker.outline, jobs)
        else:
            yield from _shared(team, _Work(jobs), len(jobs))

    def parts(self, files: Sequence[Path], neighbours: Neighbours) -> Iterator[Any]:
        """Of specs that are sound."""
        team = self._started(len(files))
        if team is None:
            yield from self._worker.parts(files, neighbours)
        else:
            yield from _shared(team, _Work((), files, neighbours), len(files))

    def _started(self, count: int) -> Team | None:
        if self._team is None:
            jobs = _jobs(self._worker.request, count)
            if jobs > 1:
                warm(self._worker.located, self._worker.request, self.rules)  # once, before there are several
                self._team = Team(jobs, self._worker.serve)
        return self._team


def _shared(team: Team, work: _Work, count: int) -> Iterator[Any]:
    """The results of `count` pieces of work, in their order. Each process has chunks of its own, the same in both stages,
    and helps with another's last ones when it is done; it is told of two at a time, so that it never waits."""
    chunks = _chunks(count, len(team))
    for number in range(len(team)):
        team.send(number, work)
    waiting = [deque(mine) for mine in chunks]
    running: list[deque[tuple[int, int]]] = [deque() for _ in chunks]
    for number in range(len(team)):
        for _ in range(2):
            _next(team, number, waiting, running)
    found: dict[int, list[Any]] = {}
    at = 0
    while at < count:
        number, results = team.receive_any([number for number, mine in enumerate(running) if mine])
        found[running[number].popleft()[0]] = results
        _next(team, number, waiting, running)
        while at in found:
            ready = found.pop(at)
            at += len(ready)
            yield from ready


def _chunks(count: int, hands: int) -> list[list[tuple[int, int]]]:
    """For each process its chunks (first, end), in turn: few results wait for earlier ones."""
    size = max(1, min(BATCH, count // (hands * _ROUNDS)))
    whole = [(first, min(first + size, count)) for first in range(0, count, size)]
    return [whole[number::hands] for number in range(hands)]


def _next(
    team: Team, number: int, waiting: Sequence[deque[tuple[int, int]]], running: Sequence[deque[tuple[int, int]]]
) -> None:
    if waiting[number]:
        chunk = waiting[number].popleft()
    else:
        longest = max(waiting, key=len)
        if not longest:
            return
        chunk = longest.pop()
    running[number].append(chunk)
    team.send(number, chunk)


def _jobs(request: Request, count: int) -> int:
    """How many processes work on a number of services."""
    if request.whole or not possible():
        return 1
    pays = 1 + count // PAYS if count >= PAYS else 1
    return min(request.jobs, max(count, 1)) if request.jobs else min(cores(), pays)

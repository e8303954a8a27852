"""Who works on which service: this process alone, or several that share the files between them.

The order of results is the order of the files, whatever the number of processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from svc.pool import Channel, Team, possible
from svc.resolve.context import Neighbour
from svc.specs import Located
from svc.stages import service
from svc.stages.types import Outline, Part, Request

BATCH = 32
"""Services that are judged together, so that CUE and ShellCheck are started once for them."""
KEPT = 400
"""Specs whose typed form a process keeps between the two stages; those of the others are made again."""
PAYS = 24
"""Services for which another process is worth its start."""

Neighbours = Mapping[str, Neighbour]


@dataclass(frozen=True, slots=True)
class Job:
    """A spec to work on. `near`: only its facts are wanted."""

    file: Path
    near: bool = False


@dataclass
class Worker:
    """One process's hands. `made` and `done` are told of results: the cache keeps them."""

    located: Located
    request: Request
    made: Callable[[Path, Outline], None]
    done: Callable[[Path, Part], None]
    drafted: dict[Path, service.Drafted] = field(default_factory=dict)

    @cached_property
    def rules(self) -> service.Ruled:
        return service.ruled(self.located, self.request.demand)

    def outline(self, job: Job) -> Outline:
        found, drafted = service.outline(job.file, self.located, self.request, near=job.near)
        if drafted is not None and not job.near and (self.request.whole or len(self.drafted) < KEPT):
            self.drafted[job.file] = drafted
        self.made(job.file, found)
        return found

    def parts(self, files: Sequence[Path], neighbours: Neighbours) -> Iterator[Part]:
        size = len(files) if self.request.whole else BATCH
        for first in range(0, len(files), size or 1):
            chosen = files[first : first + size]
            batch = [self._draft(file) for file in chosen]
            found = service.parts(batch, neighbours, self.located, self.request, lambda: self.rules)
            for file, part in zip(chosen, found, strict=True):
                self.done(file, part)
                yield part

    def _draft(self, file: Path) -> service.Drafted:
        kept = self.drafted.pop(file, None)
        if kept is None:
            _, kept = service.outline(file, self.located, self.request)
        assert kept is not None, "a spec that could be read can be read again"
        return kept

    def serve(self, channel: Channel) -> None:
        while True:
            jobs, files, neighbours = channel.receive()
            for job in jobs:
                channel.send(self.outline(job))
            for part in self.parts(files, neighbours) if files else ():
                channel.send(part)


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
            return
        for number in range(len(team)):
            team.send(number, (jobs[number :: len(team)], (), {}))
        for number in range(len(jobs)):
            yield team.receive(number % len(team))

    def parts(self, files: Sequence[Path], neighbours: Neighbours) -> Iterator[Part]:
        """Of specs that are sound."""
        team = self._started(len(files))
        if team is None:
            yield from self._worker.parts(files, neighbours)
            return
        for number in range(len(team)):
            team.send(number, ((), files[number :: len(team)], neighbours))
        for number in range(len(files)):
            yield team.receive(number % len(team))

    def _started(self, count: int) -> Team | None:
        if self._team is None:
            jobs = _jobs(self._worker.request, count)
            if jobs > 1:
                _ = self.rules  # once, before there are several to load them
                self._team = Team(jobs, self._worker.serve)
        return self._team


def _jobs(request: Request, count: int) -> int:
    """How many processes work on a number of services."""
    if request.whole or not possible():
        return 1
    pays = 1 + count // PAYS if count >= PAYS else 1
    return min(request.jobs, max(count, 1)) if request.jobs else min(cores(), pays)


def cores() -> int:
    """The processors that this process may use."""
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known is not None else os.cpu_count() or 1

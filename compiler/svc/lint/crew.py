"""Who judges the files of a folder: this process, or several that share them, and what an earlier run knows of them.

The parts come in the order of the files, whatever the number of processes. They are kept in one entry of the cache for
all files of a command: to read thousands of small entries back would take as long as to judge the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.diagnostics import Place, Route, Within
from svc.lint import ahead
from svc.lint.ahead import PAYS, Entry, Part
from svc.lint.known import Known
from svc.lint.linted import Linted
from svc.policy.run import Bench
from svc.policy.types import Policy, Settings
from svc.pool import Channel, Team, cores, possible
from svc.records import dataclass
from svc.targets.protocol import Subject

CHUNK = 16
"""Parts that cross from process to process at a time."""

Asked = tuple[int, int, Route, Within | None]
"""The number of an entry, the number of a subject in it, a route in that, and a part of the text there."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is judged by, and the parts of earlier runs; None where nothing is kept."""

    policies: Sequence[Policy]
    settings: Settings
    known: Known | None = None


class Hands:
    """Those of one process: all entries, which a forked process has too, and what it has read of them."""

    def __init__(self, rules: Rules, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self.bench = Bench(rules.policies, rules.settings)
        self._settings, self._known = rules.settings, rules.known
        self._read: dict[int, Linted] = {}

    def part(self, number: int) -> Part:
        entry = self._entries[number]
        made, self._read[number] = ahead.judged(entry, self.bench, self._settings)
        return self._known.told(entry, made) if self._known is not None else made

    def place(self, number: int, index: int, route: Route, within: Within | None) -> Place:
        if number not in self._read:
            self._read[number] = Linted()
            ahead.read(self._entries[number], self._read[number])
        return ahead.place(self._read[number], index, route, within)

    def serve(self, channel: Channel) -> None:
        while True:
            numbers, asked = channel.receive()
            for first in range(0, len(numbers), CHUNK):
                channel.send([self.part(one) for one in numbers[first : first + CHUNK]])
            if asked:
                channel.send([self.place(*one) for one in asked])


class Crew:
    """All hands of a run. `jobs` 0: as many processes as pay. Use as a context: it ends the processes that it started."""

    def __init__(self, rules: Rules, jobs: int = 0) -> None:
        self._rules, self._jobs = rules, jobs
        self._team: Team | None = None
        self._owners: dict[int, int] = {}

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._team is not None:
            self._team.__exit__(None, None, None)

    def judge(self, entries: Sequence[Entry], linted: Linted) -> None:
        """Adds all entries to a run, judged as far as each can be by itself."""
        hands, known = Hands(self._rules, entries), self._rules.known
        had = [known.part(entry, linted.files) if known is not None else None for entry in entries]
        fresh = self._parts([number for number, one in enumerate(had) if one is None], hands)
        parts = [one if one is not None else next(fresh) for one in had]
        where: dict[int, tuple[int, int]] = {}
        for number, (part, entry) in enumerate(zip(parts, entries, strict=True)):
            ahead.take(part, entry, hands.bench, linted)
            where.update({id(subject): (number, index) for index, subject in enumerate(part.subjects)})

        def prepare(asked: Sequence[tuple[Subject, Route, Within | None]]) -> None:
            lacking: dict[Asked, None] = {}
            for subject, route, within in asked:
                number, index = where.get(id(subject), (-1, 0))
                if number >= 0 and (index, route, within) not in parts[number].places:
                    lacking[number, index, route, within] = None
            for (number, index, route, within), place in self._places(list(lacking), hands):
                parts[number].places[index, route, within] = place
            if known is not None:
                known.keep(entries, parts, linted.files)

        linted.prepare = prepare

    def _parts(self, wanted: Sequence[int], hands: Hands) -> Iterator[Part]:
        count = self._count(len(wanted))
        if count < 2:
            yield from map(hands.part, wanted)
            return
        self._team = team = Team(count, hands.serve)
        shares = [wanted[worker::count] for worker in range(count)]
        for worker, share in enumerate(shares):
            self._owners.update(dict.fromkeys(share, worker))
            team.send(worker, (share, ()))
        ready: list[Iterator[Part]] = [iter(()) for _ in shares]
        for number in range(len(wanted)):
            worker = number % count
            part = next(ready[worker], None)
            if part is None:
                ready[worker] = iter(team.receive(worker))
                part = next(ready[worker])
            yield part

    def _places(self, asked: Sequence[Asked], hands: Hands) -> Iterator[tuple[Asked, Place]]:
        """From who has read the file; one that nobody has read is read again."""
        if self._team is None:
            yield from ((one, hands.place(*one)) for one in asked)
            return
        shares: list[list[Asked]] = [[] for _ in range(len(self._team))]
        for one in asked:
            shares[self._owners.get(one[0], one[0] % len(shares))].append(one)
        for worker, share in enumerate(shares):
            if share:
                self._team.send(worker, ((), share))
        for worker, share in enumerate(shares):
            if share:
                yield from zip(share, self._team.receive(worker), strict=True)

    def _count(self, files: int) -> int:
        """How many processes share a number of files."""
        if not possible() or files < 2:
            return 1
        return min(self._jobs or min(cores(), files // PAYS), files)

"""The services that nothing has touched since the last run: they are not read again, nor are their outputs.

What the others need to know of them stands in the rows that the last run left. A service goes through the stages (it is
`awake`) when the disk says something else of one of its files, when it had something to say, and when the facts of a
service that it looked at are others now. Where more than that might have changed, `Unsettled` starts the run from nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from svc.outputs import Rest
from svc.records import dataclass, replace
from svc.resolve.context import Neighbour
from svc.specs import Located, from_disk, located
from svc.stages.traced import NOBODY, of_neighbour
from svc.stages.types import Calls, Outline, Part, Request
from svc.standing import Before, CallsOf, Row, Rows, listed


class Unsettled(Exception):
    """What is between services may have changed, too."""


class Nearby(Mapping[str, Neighbour]):
    """Neighbours, of which those from rows are opened when they are looked at."""

    def __init__(self, every: dict[str, Neighbour | bytes]) -> None:
        self._every = every

    def __getitem__(self, name: str) -> Neighbour:
        found = self._every[name]
        if isinstance(found, bytes):
            from svc.pickles import plain

            made = plain(found)
            assert isinstance(made, Neighbour)
            found = self._every[name] = made
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)


@dataclass(slots=True)
class Settled:
    """`awake`: the numbers of rows that go through the stages. `touched`: those whose outputs may be others now."""

    known: Rows
    before: Before
    awake: set[int]
    touched: set[int]

    @property
    def rows(self) -> Sequence[Row]:
        return self.known.rows

    def files(self, *, near: bool) -> list[Path]:
        """Of those that are awake, in order."""
        return [Path(self.rows[at].inputs[0]) for at in sorted(self.awake) if self.rows[at].near == near]

    def located(self, request: Request) -> Located:
        base = Path(self.known.base) if self.known.base else None
        made = located(self.files(near=False), self.files(near=True), base, Path(self.known.home), request.shown)
        return replace(made, apart=frozenset(Path(row.inputs[0]) for row in self.rows if row.apart))

    def neighbours(self, outlines: Sequence[Outline]) -> Nearby:
        """Of all services, with the outlines of those that are awake. Raises Unsettled for a name that stands twice."""
        fresh = dict(zip(self.in_order(), outlines, strict=True))
        found: dict[str, Neighbour | bytes] = {}
        for at, row in enumerate(self.rows):
            one = fresh[at].neighbour if at in fresh else None
            name = one.name if one is not None else row.called if at not in fresh else ""
            if name in found:
                raise Unsettled
            if name:
                found[name] = one or row.neighbour
        return Nearby(found)

    def wake(self, outlines: Sequence[Outline]) -> list[Path]:
        """Those that looked at facts which have changed; they are awake from now on."""
        changed: set[str] = set()
        for at, outline in zip(self.in_order(), outlines, strict=True):
            row, one = self.rows[at], outline.neighbour
            if of_neighbour(one) != row.facts:
                name = one.name if one is not None else ""
                changed |= {row.called, name} if name == row.called else {row.called, name, ""}
        concerned = [at for at, row in enumerate(self.rows) if not changed.isdisjoint(row.needs)]
        woken = [at for at in concerned if at not in self.awake]
        self.awake.update(woken)
        self.touched.update(concerned)
        return [Path(self.rows[at].inputs[0]) for at in woken]

    def check(self, parts: Sequence[Part]) -> None:
        """Raises Unsettled when the parts that are awake may say something together with those that are not."""
        mine = dict(zip(self.in_order(near=False), parts, strict=True))
        others = {path for at, row in enumerate(self.rows) if at not in mine for path in row.claims}
        if any(part.kept or any(one.key in others for one in part.claims) for part in parts):
            raise Unsettled
        changed = {at for at, part in mine.items() if calls_of(part.calls) != self.rows[at].calls}
        if changed:
            graph = {row.name: row.calls for row in self.rows if not row.near}
            graph |= {part.name: calls_of(part.calls) for part in parts}
            if any(_comes_back(self.rows[at].name, graph) for at in changed):
                raise Unsettled

    def services(self, parts: Sequence[Part]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        mine = dict(zip(self.in_order(near=False), parts, strict=True))
        return tuple(
            (mine[at].name, mine[at].environments) if at in mine else (row.name, row.environments)
            for at, row in enumerate(self.rows)
            if not row.near
        )

    def moving(self, parts: Sequence[Part]) -> list[Part]:
        """The parts whose outputs may be others than those on the disk."""
        return [part for at, part in zip(self.in_order(near=False), parts, strict=True) if at in self.touched]

    def rest(self) -> Rest:
        still = [row.outputs for at, row in enumerate(self.rows) if at not in self.touched]
        mine = tuple(path for at in sorted(self.touched) for path in self.rows[at].outputs)
        return Rest(
            sum(map(len, still)), lambda: (path for paths in still for path in paths), mine, self.before.mark(0)
        )

    def in_order(self, *, near: bool | None = None) -> list[int]:
        """As outlines come: those that are asked for, then their neighbours."""
        every = sorted(self.awake, key=lambda at: (self.rows[at].near, at))
        return [at for at in every if near is None or self.rows[at].near == near]


def settled(request: Request) -> Settled | None:
    """What the last run left, as far as the disk says the same; None where that is no help."""
    before = request.before
    if before is None or request.store is None or request.overrides or request.whole or not request.files:
        return None
    known = before.rows() if request.load_text is from_disk else None
    if known is None or known.stamp != before.stamp:
        return None
    start = 1 + len(known.common)
    if not before.same(0, start):
        return None
    start += len(known.bystanders)
    if not _same_folders(known, before, start):
        return None
    start += len(known.folders)
    touched, loud = set(), set()
    for at, row in enumerate(known.rows):
        end = start + len(row.inputs) + len(row.outputs)
        if not before.same(start, end):
            touched.add(at)
        if row.loud:
            loud.add(at)
        start = end
    return Settled(known, before, touched | loud, touched)


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a file's name may be a spec's, or one that decides where specs are searched for."""
    import fnmatch

    plain = frozenset(one for one in patterns if not set(one) & set("*?["))
    others = [one for one in patterns if one not in plain]
    return lambda name: name in plain or any(fnmatch.fnmatchcase(name, one) for one in others)


def _same_folders(known: Rows, before: Before, start: int) -> bool:
    """Whether every folder has the list that it had, as far as it matters."""
    if before.same(start, start + len(known.folders)):
        return True
    matches = matcher(known.patterns)
    return all(
        before.same(start + at, start + at + 1) or (was and listed(name, matches) == was)
        for at, (name, was) in enumerate(known.folders.items())
    )


def calls_of(calls: Sequence[Calls]) -> CallsOf:
    """Whom a service calls in each environment, and whether it waits for that."""
    return tuple((one.environment, tuple((name, waits) for name, waits, _ in one.calls)) for one in calls)


def _comes_back(name: str, graph: dict[str, CallsOf]) -> bool:
    """Whether calls from a service lead back to it, in whatever environments."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for callee in _callees(graph.get(waiting.pop(), ())):
            if callee == name:
                return True
            if callee not in seen:
                seen.add(callee)
                waiting.append(callee)
    return False


def _callees(calls: CallsOf) -> Iterator[str]:
    for _, called in calls:
        yield from (name for name, _ in called)


def row_of(inputs: tuple[str, ...], outline: Outline, part: Part | None, *, apart: bool = False) -> Row:
    """What the next run has to know of a service. `part` None: nobody asked for it."""
    from svc.pickles import pickled

    facts = of_neighbour(outline.neighbour) if outline.neighbour is not None else NOBODY
    called = outline.neighbour.name if outline.neighbour is not None else ""
    base = (outline.source, outline.name, outline.environments, called, pickled(outline.neighbour), facts)
    if part is None:
        return Row(inputs, (), *base, near=True)
    said = (
        *(outline.diagnostics, part.resolved, part.lowered, part.judged, part.by_hand, part.comments),
        *(part.refused, part.faults, part.waivers),
    )
    return Row(
        inputs,
        tuple(one.path for one in part.outputs),
        *base,
        needs=tuple(part.trace.neighbours),
        claims=tuple(one.key for one in part.claims),
        calls=calls_of(part.calls),
        loud=any(said),
        apart=apart,
    )

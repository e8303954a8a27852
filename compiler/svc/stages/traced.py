"""What a part looks at besides its spec is noted while it is made, so that the cache knows when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from svc.by_identity import ByIdentity
from svc.digests import sha256
from svc.lint.own import Own
from svc.records import dataclass, replace
from svc.resolve.context import Neighbour
from svc.resolve.resolve import Spec
from svc.source import Source, Unreadable
from svc.stages.types import Trace

NOBODY = "-"
"""What a trace says of a neighbour that was asked for and is not there."""


def of_text(found: Source | Unreadable) -> str:
    """A file as a trace knows it: its text, or why there is none."""
    said = found.text if isinstance(found, Source) else f"\0{found.id}\0{found.message}"
    return sha256(said.encode()).hexdigest()


def of_names(names: Iterable[str]) -> str:
    return sha256("\0".join(sorted(names)).encode()).hexdigest()


def of_neighbour(one: Neighbour | None) -> str:
    return NOBODY if one is None else _facts.get(one, _digest)


_facts: ByIdentity[Neighbour, str] = ByIdentity(4096)
"""Of neighbours that several services look at."""


def _digest(one: Neighbour) -> str:
    there = [
        (environment, facts.namespace, facts.ports, sorted(facts.closed), facts.served, facts.broken)
        for environment, facts in one.there.items()
    ]
    return sha256(repr((one.name, there, one.broken, one.made_of)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Traced(Mapping[str, Neighbour]):
    """The neighbours, noting which are looked at. Looking at all of them is noted under the empty name."""

    every: Mapping[str, Neighbour]
    seen: dict[str, str]

    def __getitem__(self, name: str) -> Neighbour:
        found = self.every.get(name)
        self.seen[name] = of_neighbour(found)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        self.seen[""] = of_names(self.every)
        return iter(self.every)

    def __len__(self) -> int:
        self.seen[""] = of_names(self.every)
        return len(self.every)


def traced(spec: Spec, trace: Trace) -> Spec:
    """The spec, whose reading is noted from now on."""

    def read(relative: str) -> Source | Unreadable:
        found = spec.read(relative)
        trace.files[relative] = of_text(found)
        if isinstance(found, Source):
            from svc.report.mask import shows_secret

            if shows_secret(found.text):
                trace.secret.append(relative)
        return found

    def names(relative: str) -> frozenset[str]:
        found = spec.names(relative)
        trace.folders[relative] = of_names(found)
        return found

    return replace(spec, read=read, names=names)


def absent(trace: Trace, mine: Own, root: Path) -> Trace:
    """The trace with the places of the service's own files, none of which is there yet.

    Where one is there it is read with all that it needs, so such a part is not kept.
    """
    there = any((root / home).exists() for home in mine.kept)
    return replace(trace, absent=mine.kept, complete=trace.complete and not there)


def holds(
    trace: Trace,
    read: Callable[[str], Source | Unreadable],
    names: Callable[[str], frozenset[str]],
    neighbours: Mapping[str, Neighbour],
    root: Path,
) -> bool:
    """Whether everything that a part depended on is still what it was; `read` and `names` as those of its spec."""
    known = {"": of_names(neighbours)} if "" in trace.neighbours else {}
    return (
        all((known.get(name) or of_neighbour(neighbours.get(name))) == was for name, was in trace.neighbours.items())
        and all(of_text(read(name)) == was for name, was in trace.files.items())
        and all(of_names(names(name)) == was for name, was in trace.folders.items())
        and not any((root / path).exists() for path in trace.absent)
    )

"""What a run leaves for the next one: which of its files the next one may take to be the same, and by what marks.

A mark is believed when the file last changed well before the run began; when the last run believed it; and when this
run has made the file, or has looked at it again since. For the last the disk's own clock counts, as the record of outputs
shows it: what has the same time as that may have changed once more, as in git's index.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from svc.digests import sha256
from svc.outputs import Done, Plan
from svc.owned import STATE
from svc.pickles import pickled, plain
from svc.records import dataclass, fields
from svc.stages.settled import matcher
from svc.standing import ABSENT, NEVER, WIDTH, Mark, Row, Rows, listed, mark, mark_of, short

if TYPE_CHECKING:
    from svc.stages.types import Looked
    from svc.standing import Before

Left = tuple[Rows, bytes, list[bytes]]
"""Rows, marks, names."""


@dataclass(frozen=True, slots=True)
class _Judge:
    """`old`: a time before the run began. `known`: marks that the last run believed."""

    old: int
    done: Done
    known: dict[bytes, Mark]

    def sure(self, name: bytes, seen: Mark) -> bool:
        return seen != NEVER and (seen[2] < self.old or self.known.get(name) == seen)

    def again(self, seen: Mark) -> bool:
        """Whether a file that is looked at again now can be believed, if it is what it was."""
        return seen != NEVER and seen[2] < self.done.time

    def made(self, path: str, name: bytes) -> Mark:
        """The mark of an output."""
        try:
            state = os.stat(name)  # noqa: PTH116
        except (OSError, ValueError):
            return NEVER
        seen = mark_of(state)
        own = self.done.made.get(path) == (state.st_ino, state.st_size, state.st_mtime_ns)
        return seen if self.sure(name, seen) or (own and self.again(seen)) else NEVER


def leave(
    looked: Looked, made: Plan, done: Done, bystanders: tuple[str, ...], before: Before | None, old: int
) -> Left | None:
    """None where a folder has got another list, so that more than files may have changed."""
    last = before.rows() if before is not None and looked.resumed else None
    here = f"{os.getcwd()}/"  # noqa: PTH109
    root = str(made.root)

    def named(path: str) -> bytes:
        return os.fsencode(short(path, here))

    rows = [row for row, _ in looked.rows]
    fresh = [row for row, still in looked.rows if still is not None]
    starts = _starts(last) if last is not None else []
    new = [at for at, (_, still) in enumerate(looked.rows) if still is not None]
    judge = _Judge(old, done, dict(_believed(before, last, starts, new)))
    record = done.record if done.time or judge.sure(named(f"{root}/{STATE}"), done.record) else NEVER
    marks, names = array("q", record), [named(f"{root}/{STATE}")]
    for path in (*looked.common, *bystanders):
        names.append(named(path))
        marks.extend(_of(judge, names[-1], looked.still if path == looked.base else None))
    places = {short(path, here) for path in (*looked.folders, *_folders(root, fresh))}
    folders = _listed(sorted(places), looked, judge, last)
    if folders is None:
        return None
    for path, (seen, _) in folders.items():
        names.append(os.fsencode(path))
        marks.extend(seen)
    was = b"".join([marks.tobytes(), *_rows(looked, before, starts, judge, named, root, names)])
    stamp = sha256(was + b"\0".join(names)).hexdigest()
    digests = {path: digest for path, (_, digest) in folders.items()}
    where = (looked.home, looked.base, root, looked.patterns, looked.common, digests)
    return Rows(stamp, *where, tuple(rows), bystanders), was, names


def _rows(
    looked: Looked,
    before: Before | None,
    starts: Sequence[int],
    judge: _Judge,
    named: Callable[[str], bytes],
    root: str,
    names: list[bytes],
) -> Iterator[bytes]:
    """The marks of each service's files, whose names go to `names`; those of the last run where nothing changed."""
    for at, (row, still) in enumerate(looked.rows):
        if still is None and before is not None:
            first, end = starts[at], starts[at] + len(row.inputs) + len(row.outputs)
            names += before.names[first:end]
            yield before.now[first * WIDTH : end * WIDTH]
        else:
            inside = [*map(named, row.inputs), *(named(f"{root}/{path}") for path in row.outputs)]
            names += inside
            yield _row(judge, row, inside, still)


def _believed(
    before: Before | None, last: Rows | None, starts: Sequence[int], new: Sequence[int]
) -> Iterable[tuple[bytes, Mark]]:
    """What the last run believed of the services that are new, and of what all of them depend on."""
    if before is None or last is None:
        return
    was = array("q", before.was)
    count = len(before.names)
    ends = [*starts[1:], count]
    for first, end in ((0, starts[0] if starts else count), *((starts[at], ends[at]) for at in new)):
        for at in range(first, end):
            yield before.names[at], (was[3 * at], was[3 * at + 1], was[3 * at + 2])


def _of(judge: _Judge, name: bytes, still: Callable[[], bool] | None) -> Mark:
    seen = mark(name)
    if judge.sure(name, seen) and (still is None or seen != ABSENT):
        return seen
    return seen if still is not None and judge.again(seen) and still() else NEVER


def _row(judge: _Judge, row: Row, names: Sequence[bytes], still: Callable[[], bool] | None) -> bytes:
    """The marks of a service's files: its inputs are looked at again where one of them changed not long ago."""
    count = len(row.inputs)
    seen = [mark(name) for name in names[:count]]
    late = [one for name, one in zip(names, seen, strict=False) if one == ABSENT or not judge.sure(name, one)]
    good = not late or (all(one == ABSENT or judge.again(one) for one in late) and still is not None and still())
    found = array("q")
    for one in seen:
        found.extend(one if good else NEVER)
    for path, name in zip(row.outputs, names[count:], strict=True):
        found.extend(judge.made(path, name))
    return found.tobytes()


def _listed(
    places: Sequence[str], looked: Looked, judge: _Judge, last: Rows | None
) -> dict[str, tuple[Mark, bytes]] | None:
    """Of each folder its mark and the digest of its list. None: a list is not what it was while specs were searched."""
    matches = matcher(looked.patterns)
    seen = {path: mark(path) for path in places}
    known = last.folders if last is not None else {}
    found: dict[str, tuple[Mark, bytes]] = {}
    late = False
    for path, one in seen.items():
        name = os.fsencode(path)
        if path in known and judge.known.get(name) == one:
            found[path] = (one, known[path])
            continue
        digest = listed(path, matches)
        if path in known and digest != known[path]:
            return None
        sure = judge.sure(name, one)
        late = late or not sure
        found[path] = (one if sure or judge.again(one) else NEVER, digest)
    return None if late and last is None and looked.search() != looked.specs else found


def _folders(root: str, rows: Iterable[Row]) -> set[str]:
    """The folders in which outputs stand, up to the root."""
    found = {root}
    for above in {path.rpartition("/")[0] for row in rows for path in row.outputs}:
        parts = above.split("/") if above else []
        found.update("/".join((root, *parts[:depth])) for depth in range(1, len(parts) + 1))
    return found


def _starts(rows: Rows) -> list[int]:
    """Where the names of each row begin."""
    at = 1 + len(rows.common) + len(rows.bystanders) + len(rows.folders)
    found = []
    for row in rows.rows:
        found.append(at)
        at += len(row.inputs) + len(row.outputs)
    return found


def rows_out(rows: Rows) -> bytes:
    """As plain tuples, which are read in a tenth of the time."""
    head = [getattr(rows, one.name) for one in fields(rows) if one.name != "rows"]
    names = [one.name for one in fields(Row)]
    return pickled((head, [tuple([getattr(row, name) for name in names]) for row in rows.rows]))


def rows_in(data: bytes) -> Rows | None:
    """None for what cannot be read."""
    try:
        head, rows = plain(data)
        names = [one.name for one in fields(Rows) if one.name != "rows"]
        return Rows(rows=tuple([Row(*row) for row in rows]), **dict(zip(names, head, strict=True)))
    except (TypeError, ValueError):
        return None

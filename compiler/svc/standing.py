"""What a run leaves standing: the names of all that it looked at and wrote, and what the disk said of each.

While the disk says the same, a file holds what it held: any change of it sets its change time, which programs cannot set
back. Only what changed long enough before the look counts; the rest is marked as `NEVER` the same.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Sequence

from svc.digests import sha256
from svc.records import dataclass, field

Mark = tuple[int, int, int]
"""Inode, size, and the time of the last change of anything about a file, in nanoseconds. Zeros: it is not there."""

CallsOf = tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
"""By environment: whom a service calls, and whether it has to be there first."""

ABSENT: Mark = (0, 0, 0)
NEVER: Mark = (-1, -1, -1)
WIDTH = 24
"""Bytes of a mark in a list of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A service as the last run left it. `inputs`: what it was made from, its spec first; `outputs` are relative to the
    output root. `called` is its name for others, `neighbour` what these know of it. `needs`: names of services whose facts it looked at ("": all names); `facts`: the digest of its own.
    `loud`: there was something to say of it. `near`: a neighbour that nobody asked for. `apart`: as in `svc.specs.Located`.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    source: str
    name: str
    environments: tuple[str, ...]
    called: str
    neighbour: bytes
    facts: str
    needs: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    calls: CallsOf = ()
    loud: bool = False
    near: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """All services of a run in order, and what was looked at for all of them.

    `stamp` names the marks that belong to it. `folders`: the digest of each folder's list, as `listed` gives it.
    """

    stamp: str
    home: str
    base: str
    root: str
    patterns: tuple[str, ...]
    common: tuple[str, ...]
    folders: dict[str, bytes]
    rows: tuple[Row, ...]
    bystanders: tuple[str, ...] = ()
    """What only the report depends on: files of waivers, a baseline."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the last run left, beside what the disk says now. Marks stand in the order of the names: the record of
    outputs, `common`, `bystanders`, `folders`, and of each row its inputs and outputs."""

    stamp: str
    names: Sequence[bytes]
    was: bytes
    now: bytes
    rows: Callable[[], Rows | None] = field(compare=False, repr=False)

    def same(self, start: int, end: int) -> bool:
        """Whether the disk says of these names what it said."""
        first, last = start * WIDTH, end * WIDTH
        return self.was[first:last] == self.now[first:last]

    def mark(self, at: int) -> Mark:
        one = array("q", self.now[at * WIDTH : (at + 1) * WIDTH])
        return one[0], one[1], one[2]


def mark_of(state: os.stat_result) -> Mark:
    return state.st_ino % 2**63, state.st_size, state.st_ctime_ns


def mark(name: str | bytes) -> Mark:
    """What the disk says of a name now; NEVER: it does not say."""
    try:
        return mark_of(os.stat(name))  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except (OSError, ValueError):
        return NEVER


def marks(names: Iterable[bytes]) -> bytes:
    """The marks of all names, one after the other."""
    seen = array("q")
    add, stat = seen.extend, os.stat
    for name in names:
        try:
            one = stat(name)
            add((one.st_ino % 2**63, one.st_size, one.st_ctime_ns))
        except (FileNotFoundError, NotADirectoryError):
            add(ABSENT)
        except (OSError, ValueError):
            add(NEVER)
    return seen.tobytes()


def latest(seen: bytes) -> int:
    """The time of the last change among marks; later than any other where one says nothing."""
    found = array("q", seen)
    return 2**63 - 1 if -1 in found[::3] else max(found[2::3], default=0)


def short(name: str, here: str) -> str:
    """As seen from the folder `here`, which ends with a slash: the system has less to look up."""
    return name.removeprefix(here).removeprefix("./") or "."


def listed(folder: str, matches: Callable[[str], bool]) -> bytes:
    """The digest of what matters in a folder: folders that are looked into, links, files that `matches` and what a killed
    run left. Empty where it cannot be read."""
    seen = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if entry.is_symlink():
                    seen.append(f"{name}\0link")
                elif entry.is_dir():
                    if not name.startswith(".") and name != "node_modules":
                        seen.append(f"{name}\0folder")
                elif name.endswith(".svc") or matches(name):
                    seen.append(f"{name}\0file")
    except OSError:
        return b""
    if not os.access(folder, os.R_OK | os.X_OK):
        return b""
    return sha256("\0".join(sorted(seen)).encode("utf-8", "surrogateescape")).digest()[:16]

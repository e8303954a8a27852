"""The run in which nothing changed: the same command over the same files says what it said the last time.

A clean run leaves its report in the cache, with what the disk said of every file and folder that it looked at and of
every output. While all of it is the same, the report is the answer. Otherwise the run knows what changed, and takes
what it needs from there (`svc.stages.settled`).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from typing import TYPE_CHECKING, Any

from svc.cli.exits import Exit
from svc.records import dataclass

if TYPE_CHECKING:
    import argparse

    from svc.cache import Store
    from svc.outputs import Done, Plan
    from svc.pipeline import Compiled
    from svc.standing import Before, Rows

MARGIN = 2_000_000_000
"""Nanoseconds by which the last change of everything has to be older than a run: clocks of disks are coarse."""

_OTHER_REPORTS = frozenset({"--check", "--diff", "--quiet", "--statistics"})
"""Options with which a run looks at the same files and says something else of them."""

Kept = Callable[[], "Store | None"]
"""The cache of a run, opened when somebody asks."""
Said = list[tuple[bool, str]]
"""What was printed, in order; True: to standard error."""


@dataclass(frozen=True, slots=True)
class Start:
    """The names of a run's report and of what it leaves, and its time in nanoseconds."""

    report: str
    standing: str
    time: int


def answered(arguments: Sequence[str], kept: Kept) -> Exit | Before | None:
    """Prints what the last run of this command said, when that still holds. Otherwise the command has to run; with what
    the last one left."""
    store = None if {"--no-cache", "-", "--fix"}.intersection(arguments) else _there(kept)
    if store is None:
        return None
    names = _start(store, arguments)
    before = _before(store, names.standing)
    if before is None or before.was != before.now:
        return before
    found = store.get(names.report)
    if not isinstance(found, tuple) or len(found) != 3 or found[0] != before.stamp:
        return before
    for wrong, text in found[1]:
        (sys.stderr if wrong else sys.stdout).write(text)
    return Exit(found[2])


@contextmanager
def heard(*, aloud: bool = True) -> Iterator[Said]:
    """What is printed from here on is noted as well; or not `aloud`: it is only noted."""
    said: Said = []
    out: Any = _Heard(sys.stdout, said, wrong=False, aloud=aloud)
    err: Any = _Heard(sys.stderr, said, wrong=True, aloud=aloud)
    with redirect_stdout(out), redirect_stderr(err):
        yield said


def start(options: argparse.Namespace) -> Start:
    """Asked for before anything is read."""
    return _start(_there(options.store), options.arguments)


def start_lint(options: argparse.Namespace) -> Start | None:
    """None where nothing was kept yet: a lint of one file does not pay for that on a machine that it sees once."""
    store = options.store()
    if _there(lambda: store) is not None:
        return start(options)
    if store is not None:
        store.ready()
    return None


def keep(options: argparse.Namespace, compiled: Compiled, wrote: tuple[Plan, Done], said: Said, began: Start) -> None:
    """Keeps a run that found everything in order; `said` is what the next one will say."""
    store = None if options.no_cache or any("=" in one for one in options.formats) else _there(options.store)
    looked = compiled.looked() if store is not None and os.name == "posix" else None
    if store is None or looked is None:
        return
    from svc.cli.leaving import leave, rows_out
    from svc.report.mask import shows_secret

    named = {one.place.file for one in compiled.diagnostics} - {""}
    bystanders = tuple(sorted({*named, *options.waivers, options.baseline} - {""}))
    left = leave(looked, *wrote, bystanders, options.before, began.time - MARGIN)
    if left is None:
        return
    rows, was, names = left
    if options.before is None or options.before.stamp != rows.stamp:
        store.put(began.standing, (rows.stamp, len(was)), was + b"\0".join(names))
        if not looked.apart:
            store.put(_rows(began.standing), rows.stamp, rows_out(rows))
    if not any(shows_secret(text) for _, text in said):
        store.put(began.report, (rows.stamp, said, int(Exit.CLEAN)))


def keep_lint(
    options: argparse.Namespace,
    looked: tuple[Sequence[str], Sequence[str]] | None,
    said: Said,
    ended: Exit,
    began: Start,
) -> None:
    """Keeps what a lint said when all that it looked at has been as it is for some time, and no secret is in it.
    `looked`: all names, and those that were read and so have to be there."""
    store = None if options.no_cache or any("=" in one for one in options.formats) else _there(options.store)
    if store is None or looked is None or os.name != "posix" or ended not in (Exit.CLEAN, Exit.FINDINGS):
        return
    from svc.digests import sha256
    from svc.report.mask import shows_secret
    from svc.standing import latest, marks, short

    here = f"{os.getcwd()}/"  # noqa: PTH109
    every = {short(name, here) for name in (*looked[0], *options.waivers, options.baseline) if name}
    found = sorted({os.fsencode(name) for name in every})
    seen = marks(found)
    if latest(seen) >= began.time - MARGIN or any(shows_secret(text) for _, text in said):
        return
    if not all(map(os.path.lexists, looked[1])):
        return
    stamp = sha256(seen + b"\0".join(found)).hexdigest()
    store.put(began.standing, (stamp, len(seen)), seen + b"\0".join(found))
    store.put(began.report, (stamp, said, int(ended)))
    store.trim()


class _Heard:
    def __init__(self, stream: Any, said: Said, *, wrong: bool, aloud: bool) -> None:
        self._stream, self._said, self._wrong, self._aloud = stream, said, wrong, aloud

    def write(self, text: str) -> int:
        self._said.append((self._wrong, text))
        return int(self._stream.write(text)) if self._aloud else len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _there(kept: Kept) -> Store | None:
    """The cache of this run, where there is one already."""
    store = kept()
    return store if store is not None and os.path.isdir(store.folder) else None  # noqa: PTH112 - False, if forbidden


def _start(store: Store | None, arguments: Sequence[str]) -> Start:
    """Everything that a run depends on besides files. The day: waivers end."""
    from svc import assets
    from svc.cache import key
    from svc.installed import code

    made = code(store, assets.schemas(), assets.policies())
    screen = sys.stdout.isatty(), bool(os.environ.get("NO_COLOR")), os.environ.get("TERM")
    day = time.strftime("%Y-%m-%d")
    here = os.getcwd()  # noqa: PTH109
    report = key("run", made, list(arguments), here, day, screen)
    return Start(report, key("standing", made, _asked(arguments), here), time.time_ns())


def _asked(arguments: Sequence[str]) -> list[str]:
    """Without what changes only the report or the speed."""
    jobs = [one == "--jobs" for one in ("", *arguments)]
    return [
        one
        for one, value in zip(arguments, jobs, strict=False)
        if not value and one not in _OTHER_REPORTS and one.partition("=")[0] != "--jobs"
    ]


def _before(store: Store, name: str) -> Before | None:
    from svc.standing import Before, marks

    found = store.find(name)
    if found is None or not isinstance(found[0], tuple):
        return None
    (stamp, length), beside = found
    names = beside[length:].split(b"\0")

    @cache
    def rows() -> Rows | None:
        from svc.cli.leaving import rows_in

        kept = store.find(_rows(name))
        return rows_in(kept[1]) if kept is not None and kept[0] == stamp else None

    return Before(stamp, names, beside[:length], marks(names), rows)


def _rows(name: str) -> str:
    from svc.cache import key

    return key("rows", name)

"""The run in which nothing changed: the same command over the same files says what it said the last time.

A run that wrote nothing leaves its report in the cache, with the signature of every file and folder that it looked at
and of every output. While they all agree, the report is the answer; otherwise the run takes its usual way.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from svc.cli.exits import Exit
from svc.records import dataclass

if TYPE_CHECKING:
    import argparse

    from svc.cache import Store
    from svc.pipeline import Compiled
    from svc.write import Plan

MARGIN = 2_000_000_000
"""Nanoseconds by which the last change of everything has to be older than a run: clocks of disks are coarse."""

Said = list[tuple[bool, str]]
"""What was printed, in order; True: to standard error."""


@dataclass(frozen=True, slots=True)
class Start:
    """The name of a run, and its time in nanoseconds."""

    key: str
    time: int


def answered(arguments: Sequence[str]) -> Exit | None:
    """Prints what the last run of this command said, when that still holds; None when it has to run."""
    store = _store()
    found = store.get(_key(store, arguments)) if store is not None else None
    if not isinstance(found, tuple) or len(found) != 3:
        return None
    names, digest, said = found
    signature = _signature(names.split("\0"))
    if signature is None or signature[0] != digest:
        return None
    for wrong, text in said:
        (sys.stderr if wrong else sys.stdout).write(text)
    return Exit.CLEAN


@contextmanager
def heard() -> Iterator[Said]:
    """What is printed from here on is noted as well."""
    said: Said = []
    out: Any = _Heard(sys.stdout, said, wrong=False)
    err: Any = _Heard(sys.stderr, said, wrong=True)
    with redirect_stdout(out), redirect_stderr(err):
        yield said


def start(options: argparse.Namespace) -> Start:
    """Asked for before anything is read."""
    return Start(_key(_store(), options.arguments), time.time_ns())


def keep(options: argparse.Namespace, compiled: Compiled, made: Plan, said: Said, began: Start) -> None:
    """Keeps a run that found everything in order and wrote nothing."""
    store = None if options.no_cache or any("=" in one for one in options.formats) else _store()
    if store is None or not made.up_to_date or os.name != "posix":
        return
    looked = compiled.looked()
    if looked is None:
        return
    named = (one.place.file for one in compiled.diagnostics)
    files = (f"{made.root}/{one.path}" for one in compiled.outputs)
    names = _short({*looked, *named, *options.waivers, options.baseline, *files, *_folders(made)} - {""})
    signature = _signature(names)
    if signature is not None and signature[1] < began.time - MARGIN and not any("\0" in name for name in names):
        store.put(began.key, ("\0".join(names), signature[0], said))


class _Heard:
    def __init__(self, stream: Any, said: Said, *, wrong: bool) -> None:
        self._stream, self._said, self._wrong = stream, said, wrong

    def write(self, text: str) -> int:
        self._said.append((self._wrong, text))
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _store() -> Store | None:
    from svc.cache import Store, place

    folder = place(os.environ)
    return Store(folder) if folder is not None and os.path.isdir(folder) else None  # noqa: PTH112 - False, if forbidden


def _key(store: Store | None, arguments: Sequence[str]) -> str:
    """Everything that a run depends on besides files. The day: waivers end."""
    from svc import assets
    from svc.cache import code, key

    screen = sys.stdout.isatty(), "NO_COLOR" in os.environ, os.environ.get("TERM")
    day = time.strftime("%Y-%m-%d")
    return key("run", code(store, assets.schemas(), assets.policies()), list(arguments), os.getcwd(), day, screen)  # noqa: PTH109


def _folders(made: Plan) -> set[str]:
    """The record of outputs, and the folders in which outputs stand, up to the root."""
    from svc.write import STATE

    found = {str(made.root)}
    for path in {one.rpartition("/")[0] for one in made.state}:
        parts = path.split("/") if path else []
        found.update("/".join((str(made.root), *parts[:depth])) for depth in range(1, len(parts) + 1))
    return {*found, f"{made.root}/{STATE}"}


def _short(names: Iterable[str]) -> list[str]:
    """As seen from this folder, where that is shorter: the system has less to look up."""
    here = f"{os.getcwd()}/"  # noqa: PTH109
    return sorted({name.removeprefix(here).removeprefix("./") or "." for name in names})


def _signature(names: Iterable[str]) -> tuple[bytes, int] | None:
    """The digest of what the disk says of all of them, and the time of the latest change; None: it cannot be told."""
    seen = array("q")
    add, stat = seen.extend, os.stat
    latest = 0
    for name in names:
        try:
            one = stat(name)
        except (FileNotFoundError, NotADirectoryError):
            add((0,))
            continue
        except (OSError, ValueError):
            return None
        changed = one.st_ctime_ns  # of the bytes, the mode or the time that programs set
        add((one.st_ino % 2**63, one.st_size, changed))
        if changed > latest:
            latest = changed
    return sha256(seen.tobytes()).digest(), latest

"""Stage 9: a complete file map becomes disk state, or nothing does.

No path outside the output root, no symlink followed out of it; unchanged files are untouched, hand-edited ones are
refused, and only files that we own are removed. What we own stands in `.svc-outputs.json` at the output root.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from svc.diagnostics import Diagnostic
from svc.digests import sha256
from svc.ledger import printed
from svc.outputs import Done, File, Plan, Rest
from svc.owned import NO_LINK, RECORD, STATE, digest, entries, ours, recorded
from svc.patterns import regex
from svc.records import dataclass, field
from svc.source import Unreadable, contents
from svc.staging import folder_of, put_all
from svc.staging import place as place
from svc.standing import ABSENT, Mark, mark
from svc.writable import Listings, case_clashes, escape, taken, unwritable, within

_TEMPORARY = regex(r"\.(.+)\.[a-z0-9_]{8}\.svc")
_TICK = 0.012
"""Seconds after which the clock of a local disk has moved on."""
_Seen = Callable[[str], tuple[Diagnostic | None, str | None]]
"""What tells of a path why svc may not write there, or else what stands there, as `digest` does."""
_ELSEWHERE = "take it off the workspace's `protected`, or choose another --out folder"


def plan(
    root: Path,
    outputs: Collection[File],
    owners: Collection[str],
    *,
    force: bool = False,
    protected: Collection[str] = (),
    kept: Collection[str] = (),
    rest: Rest | None = None,
) -> Plan:
    """Compares the outputs with the disk. Files of `owners` that are not among the outputs are removed.

    `kept` are files and folders of the user's own: not written to, not removed, and no longer ours if they were.
    `rest`: where the other outputs of the run are as the last one left them. Raises Overtaken when its record is not.
    """
    record = mark(os.path.join(root, STATE))  # noqa: PTH118
    ledger, known = entries(root, outputs, rest, record)
    known = {path: entry for path, entry in known.items() if not within(path, kept)}
    listings = Listings(root)
    found = _compared(root, outputs, known, _seeing(root, listings, kept, protected), force)
    refused = [*case_clashes(_all_paths(outputs, rest)), *found.refused]
    remove = _stale(root, known, outputs, owners, force, refused)
    remove += _litter(root, listings, {*known, *(one.path for one in outputs), STATE})
    changes = tuple(found.create), tuple(found.update), tuple(remove)
    state = _after(known, remove, outputs)
    count = rest.count if rest is not None else 0
    return Plan(root, *changes, tuple(found.unchanged), tuple(refused), state, ledger, count, record)


@dataclass(frozen=True, slots=True)
class _Compared:
    create: list[File] = field(default_factory=list)
    update: list[File] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Diagnostic] = field(default_factory=list)


def _compared(
    root: Path, outputs: Collection[File], known: Mapping[str, Mapping[str, Any]], seen: _Seen, force: bool
) -> _Compared:
    """What is to be done about each output, by what stands where it belongs."""
    found = _Compared()
    for output in sorted(outputs, key=lambda one: one.path):
        wrong, disk = seen(output.path)
        if wrong is not None:
            found.refused.append(wrong)
        elif disk == output.sha256:
            found.unchanged.append(output.path)
        elif disk is None:
            found.create.append(output)
        elif force or ours(known.get(output.path, {}), disk):
            found.update.append(output)
        else:
            found.refused.append(_edited(root, output.path, known.get(output.path)))
    return found


def _seeing(root: Path, listings: Listings, kept: Collection[str], protected: Collection[str]) -> _Seen:
    safe: set[str] = set()
    base = os.path.join(root, "")  # noqa: PTH118

    def seen(path: str) -> tuple[Diagnostic | None, str | None]:
        if within(path, kept):
            message = f"{path} is a file of your own, and svc would write it too"
            return unwritable("output-is-own", path, message, "move your file to another path"), None
        there = not listings.lacks(path)
        wrong = escape(root, path, protected, safe, there=False)
        whole = f"{base}{path}"
        disk = digest(whole) if there and not wrong else None
        if there and not wrong and (not disk or not NO_LINK):  # a regular file that can be read is no folder
            wrong = taken(path, whole)
        if not wrong:
            return None, disk
        instead = _ELSEWHERE if wrong.endswith("by the workspace") else "choose another --out folder"
        return unwritable("output-outside-root", path, wrong, instead), None

    return seen


def _after(known: Mapping[str, Any], removed: Iterable[str], outputs: Collection[File]) -> dict[str, Any]:
    """The record once all is written."""
    gone = frozenset(removed)
    state = {path: entry for path, entry in known.items() if path not in gone}
    state.update({one.path: {"owner": one.owner, "sha256": one.sha256} for one in outputs})
    return state


def execute(made: Plan, hands: int = 1) -> Done:
    """Writes a plan: the record of what is going to be ours, every text to a temporary file, one rename each, removals,
    the record of what is ours. Wherever it is interrupted, the next run knows each file as its own and goes on.
    `hands` processes share the files where there are many."""
    assert not made.refused, "a refused plan is never executed"
    changed = (*made.create, *made.update)
    record = str(made.root / STATE)
    ahead = None
    if changed and made.state:
        folder_of(record, set())
        ahead = _placed(record, _text(made, _ahead(made)))
    new = put_all(made.root, changed, hands)
    for path in made.remove:
        (made.root / path).unlink(missing_ok=True)
        _prune(made.root, PurePosixPath(path).parent)
    known = Path(record)
    text = _text(made, made.state)
    still = ahead is not None and ahead[0] > ABSENT and ahead == (mark(record), sha256(text).digest())
    if not still and (made.state or known.is_file()) and contents(known, STATE, RECORD) != text:
        folder_of(record, set())
        place(known, text)
    elif made.up_to_date:
        return Done({}, made.record, 0)
    if made.up_to_date or not known.is_file():
        return Done({}, mark(record), 0)
    time.sleep(_TICK)
    try:
        os.utime(record)
    except OSError:  # all is written: only the next run takes longer
        return Done({}, mark(record), 0)
    now = mark(record)
    return Done(new, now, now[2])


def _placed(record: str, text: bytes) -> tuple[Mark, bytes]:
    """The mark of a record that is written, and the digest of its text: at thousands of services it is not read back."""
    place(Path(record), text)
    return mark(record), sha256(text).digest()


def _text(made: Plan, files: Mapping[str, Any]) -> bytes:
    if made.ledger is None:
        return printed(files)
    return made.ledger.changed(files, set(made.remove) - set(files))


def _all_paths(outputs: Collection[File], rest: Rest | None) -> list[str]:
    """Of the rest only where a new path may clash with one of them."""
    paths = [one.path for one in outputs]
    return paths if rest is None or set(paths) <= set(rest.mine) else [*paths, *rest.paths()]


def _edited(root: Path, path: str, entry: Mapping[str, Any] | None) -> Diagnostic:
    """`entry`: what the record says of the path."""
    what, instead = "exists and was not written by svc", "move the change into the spec, or write over it with --force"
    if entry is not None:
        what = "was edited by hand since svc wrote it"
        there = contents(root / path, path)
        plain = b"" if isinstance(there, Unreadable) else there.replace(b"\r\n", b"\n")
        if ours(entry, sha256(plain).hexdigest()):
            what = "has other line breaks than svc wrote"
            instead = "let git keep them, by `* text=auto eol=lf` in .gitattributes, or write over it with --force"
    return unwritable("output-edited", path, f"{path} {what}", instead)


def _ahead(made: Plan) -> dict[str, Any]:
    """The record while files are replaced: what stands there now (`before`) is ours as well."""
    files = {**(recorded(made.root) if made.ledger is None else {}), **made.state}
    for output in made.update:
        files[output.path] = {**files[output.path], "before": digest(made.root / output.path)}
    return files


def _litter(root: Path, listings: Listings, paths: Collection[str]) -> list[str]:
    """Temporary files that a killed run left beside files of ours."""
    names: dict[str, set[str]] = {}
    for path in paths:
        folder, _, base = path.rpartition("/")
        names.setdefault(folder, set()).add(base)
    found = []
    for folder, bases in names.items():
        for name in listings.names(folder):
            made = _TEMPORARY.fullmatch(name) if name.endswith(".svc") else None
            path = f"{folder}/{name}" if folder else name
            if made and made[1] in bases and not escape(root, path, ()):
                found.append(path)
    return sorted(found)


def _prune(root: Path, folder: PurePosixPath) -> None:
    """Removes the folders that a removal left empty, up to the root."""
    while str(folder) not in {"", "."}:
        try:
            (root / folder).rmdir()
        except OSError:
            return
        folder = folder.parent


def _stale(
    root: Path,
    known: Mapping[str, Any],
    outputs: Collection[File],
    owners: Collection[str],
    force: bool,
    refused: list[Diagnostic],
) -> list[str]:
    wanted = {one.path for one in outputs}
    found = []
    for path, entry in sorted(known.items()):
        if path in wanted or entry.get("owner") not in owners or escape(root, path, ()):
            continue
        disk = digest(root / path)
        if disk is None or force or ours(entry, disk):
            found.append(path)
        else:
            refused.append(
                unwritable(
                    "output-edited",
                    path,
                    f"{path} is no longer generated, but was edited by hand",
                    "remove it yourself, or run with --force",
                )
            )
    return found

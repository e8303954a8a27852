"""Stage 9: a complete file map becomes disk state, or nothing does.

No path outside the output root, no symlink followed out of it; unchanged files are untouched, hand-edited ones are
refused, and only files that we own are removed. What we own stands in `.svc-outputs.json` at the output root.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Collection, Mapping
from json.encoder import encode_basestring_ascii
from pathlib import Path, PurePosixPath
from typing import Any

from svc.diagnostics import Diagnostic
from svc.patterns import regex
from svc.records import dataclass, field
from svc.source import Unreadable, contents
from svc.spool import Spooled
from svc.staging import folder_of, put_all
from svc.staging import place as place
from svc.writable import Listings, case_clashes, escape, refusal, within

STATE = ".svc-outputs.json"
_TEMPORARY = regex(r"\.(.+)\.[a-z0-9_]{8}\.svc")
_EMPTY = '{\n "files": {},\n "version": 1\n}\n'
_RECORD = 512 * 1024 * 1024
"""Bytes of a record that is read; two million files have a place in it."""
_ELSEWHERE = "take it off the workspace's `protected`, or choose another --out folder"


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write and who it belongs to: `service/target`. `sha256` of its text, where that is known already."""

    path: str
    text: str
    owner: str
    known: str = field(default="", compare=False, repr=False)

    @property
    def sha256(self) -> str:
        return self.known or digest(self.text)


def digest(text: str) -> str:
    """The sha256 of a text as it is written."""
    return hashlib.sha256(text.encode()).hexdigest()


File = Output | Spooled


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing would do. `refused` is not empty: nothing may be written."""

    root: Path
    create: tuple[File, ...] = ()
    update: tuple[File, ...] = ()
    remove: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def up_to_date(self) -> bool:
        return not (self.create or self.update or self.remove)


def plan(
    root: Path,
    outputs: Collection[File],
    owners: Collection[str],
    *,
    force: bool = False,
    protected: Collection[str] = (),
    kept: Collection[str] = (),
) -> Plan:
    """Compares the outputs with the disk. Files of `owners` that are not among the outputs are removed.

    `kept` are files and folders of the user's own: not written to, not removed, and no longer ours if they were.
    """
    known = {path: entry for path, entry in _state(root).items() if not within(path, kept)}
    create: list[File] = []
    update: list[File] = []
    unchanged: list[str] = []
    refused: list[Diagnostic] = list(case_clashes(one.path for one in outputs))
    safe: set[str] = set()
    listings = Listings(root)
    for output in sorted(outputs, key=lambda one: one.path):
        if within(output.path, kept):
            message = f"{output.path} is a file of your own, and svc would write it too"
            refused.append(refusal("output-is-own", output.path, message, "move your file to another path"))
            continue
        there = not listings.lacks(output.path)
        wrong = escape(root, output.path, protected, safe, there=there)
        if wrong:
            instead = _ELSEWHERE if wrong.endswith("by the workspace") else "choose another --out folder"
            refused.append(refusal("output-outside-root", output.path, wrong, instead))
            continue
        disk = _digest(os.path.join(root, output.path)) if there else None  # noqa: PTH118
        if disk == output.sha256:
            unchanged.append(output.path)
        elif disk is None:
            create.append(output)
        elif force or _ours(known.get(output.path, {}), disk):
            update.append(output)
        else:
            edited = output.path in known
            what = "was edited by hand since svc wrote it" if edited else "exists and was not written by svc"
            refused.append(
                refusal(
                    "output-edited",
                    output.path,
                    f"{output.path} {what}",
                    "move the change into the spec, or write over it with --force",
                )
            )
    remove = _stale(root, known, outputs, owners, force, refused)
    remove += _litter(root, listings, {*known, *(one.path for one in outputs), STATE})
    gone = frozenset(remove)
    state = {path: entry for path, entry in known.items() if path not in gone}
    state.update({one.path: {"owner": one.owner, "sha256": one.sha256} for one in outputs})
    return Plan(root, tuple(create), tuple(update), tuple(remove), tuple(unchanged), tuple(refused), state)


def execute(made: Plan, hands: int = 1) -> None:
    """Writes a plan: the record of what is going to be ours, every text to a temporary file, one rename each, removals,
    the record of what is ours. Wherever it is interrupted, the next run knows each file as its own and goes on.
    `hands` processes share the files where there are many."""
    assert not made.refused, "a refused plan is never executed"
    changed = (*made.create, *made.update)
    record = str(made.root / STATE)
    if changed and made.state:
        folder_of(record, set())
        place(Path(record), _record(_ahead(made)))
    put_all(made.root, changed, hands)
    for path in made.remove:
        (made.root / path).unlink(missing_ok=True)
        _prune(made.root, PurePosixPath(path).parent)
    known = Path(record)
    text = _record(made.state)
    if (made.state or known.is_file()) and contents(known, STATE, _RECORD) != text.encode():
        folder_of(record, set())
        place(known, text)


def _ahead(made: Plan) -> dict[str, Any]:
    """The record while files are replaced: what stands there now (`before`) is ours as well."""
    files = {**_state(made.root), **made.state}
    for output in made.update:
        files[output.path] = {**files[output.path], "before": _digest(made.root / output.path)}
    return files


def _ours(entry: Mapping[str, Any], disk: str) -> bool:
    return bool(disk) and disk in (entry.get("sha256"), entry.get("before"))


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


def _record(files: Mapping[str, Any]) -> str:
    """As `json.dumps(..., indent=1, sort_keys=True)` prints it; with an indent that is written in Python, and slow."""
    entries = []
    for path, entry in sorted(files.items()):
        pairs = ",\n".join(f"   {_quoted(key)}: {_quoted(value)}" for key, value in sorted(entry.items()))
        entries.append(f"  {_quoted(path)}: {{\n{pairs}\n  }}" if pairs else f"  {_quoted(path)}: {{}}")
    inside = ",\n".join(entries)
    return f'{{\n "files": {{\n{inside}\n }},\n "version": 1\n}}\n' if entries else _EMPTY


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
        disk = _digest(root / path)
        if disk is None or force or _ours(entry, disk):
            found.append(path)
        else:
            refused.append(
                refusal(
                    "output-edited",
                    path,
                    f"{path} is no longer generated, but was edited by hand",
                    "remove it yourself, or run with --force",
                )
            )
    return found


def _quoted(value: Any) -> str:
    return encode_basestring_ascii(value) if type(value) is str else json.dumps(value)


def _state(root: Path) -> dict[str, dict[str, str]]:
    try:
        data = contents(root / STATE, STATE, _RECORD)
        files = {} if isinstance(data, Unreadable) else json.loads(data)["files"]
        return {str(path): dict(entry) for path, entry in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _digest(path: str | Path) -> str | None:
    """sha256 of a regular file; None when there is none, "" for something that cannot be compared."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return ""
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        return None if error.errno in (errno.ENOTDIR, errno.ELOOP) else ""


def replace_text(path: Path, old: str, new: str) -> str:
    """Puts `new` in the place of a hand-written file's text. Why that was not done, or an empty string; OSError when
    the disk refuses.

    The file is left alone when it is a symbolic link, no longer holds `old`, or is one that svc writes itself.
    """
    if path.is_symlink():
        return "it is a symbolic link; edit what it leads to"
    if _generated(path):
        return "svc writes this file; change the spec instead"
    data = contents(path, str(path))
    if isinstance(data, Unreadable):
        return f"it cannot be read: {data.message.removeprefix('cannot be read: ')}"
    mode = path.stat().st_mode & 0o7777
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    if data != (mark + old).encode():
        return "it changed since it was read; run again"
    place(path, mark + new, mode)
    return ""


def _generated(path: Path) -> bool:
    whole = path.absolute()
    return any(whole.relative_to(root).as_posix() in _state(root) for root in whole.parents)

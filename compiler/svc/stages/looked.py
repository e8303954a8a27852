"""Every file and folder that a compile of these specs looks at, so that a later run can see whether one has changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from svc.beside import readers
from svc.folders import WORKSPACE_FILES
from svc.records import dataclass
from svc.resolve.context import Neighbour
from svc.source import Source
from svc.specs import SPEC_NAMES, Located, from_disk, searched
from svc.stages.settled import Settled, row_of
from svc.stages.traced import holds
from svc.stages.types import Looked, Outline, Part, Request
from svc.standing import Row


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run saw: outlines of the specs that were asked for and then of their neighbours, parts of the former.

    `near`: what it took from the last run. `apart`: there was something to say of several services together.
    """

    located: Located
    outlines: Sequence[Outline]
    parts: Sequence[Part]
    neighbours: Mapping[str, Neighbour]
    near: Settled | None
    apart: bool


_Made = tuple[Row, Callable[[], bool]]
"""A service's row, and what tells whether it would be made the same now."""


class _Unknown(Exception):
    """What lies behind a link or in a folder that cannot be read is not followed here."""


def looked(seen: Seen, request: Request) -> Looked | None:
    """None when it cannot be told. Paths that are not there count as well. A folder stands for its list of names."""
    made = [_row(seen, number, request) for number in range(len(seen.outlines))]
    return _anew(seen, request, made) if seen.near is None else _again(seen, seen.near, made)


def _again(seen: Seen, near: Settled, made: Sequence[_Made]) -> Looked:
    """What the last run looked at, with new rows for the services that this one made."""
    known = near.known
    awake = dict(zip(near.in_order(), made, strict=True))
    rows = tuple(awake.get(at, (row, None)) for at, row in enumerate(known.rows))
    shared = (known.home, known.base, known.patterns, known.common, tuple(known.folders))
    return Looked(*shared, rows, frozenset, frozenset(), partial(_still, seen.located), True, seen.apart)


def _anew(seen: Seen, request: Request, made: Sequence[_Made]) -> Looked | None:
    located = seen.located
    folders: dict[str, None] = {}
    try:
        for path in {*request.paths, *([located.root] if located.workspace.document is not None else [])}:
            if path.is_dir():
                folders.update(dict.fromkeys(_below(str(path))))
    except (OSError, _Unknown):
        return None
    common = dict.fromkeys(_workspaces(located, [path for path in request.paths if not path.is_dir()]))
    for pack in located.workspace.workspace.policy.packs:
        folder = located.root / pack
        common.update(dict.fromkeys(map(str, (folder, *folder.rglob("*")))))
    patterns = {pattern.rpartition("/")[2] for pattern in located.workspace.workspace.services}
    specs = frozenset(map(os.path.realpath, (*located.wanted, *located.others)))

    def search() -> frozenset[str]:
        return frozenset(map(os.path.realpath, searched(request.paths, located)))

    home, base = str(located.root), str(located.base) if located.base is not None else ""
    names = (*SPEC_NAMES, "Chart.yaml", *WORKSPACE_FILES, *sorted(patterns))
    still = partial(_still, located)
    return Looked(
        home, base, names, tuple(common), tuple(folders), tuple(made), search, specs, still, False, seen.apart
    )


def _still(located: Located) -> bool:
    """Whether the workspace's file is what it was."""
    document = located.workspace.document
    return (
        document is not None
        and located.base is not None
        and from_disk(located.base, document.source.name) == document.source
    )


def _row(seen: Seen, number: int, request: Request) -> _Made:
    """A service's row, and what tells whether it would be made the same now."""
    located, outline = seen.located, seen.outlines[number]
    file = (*located.wanted, *located.others)[number]
    part = seen.parts[number] if number < len(located.wanted) else None
    inputs = [str(file)]
    if part is not None:
        beside = str(file.absolute().parent)
        inputs += [f"{beside}/{name}" for name in (*part.trace.files, *part.trace.folders)]
        inputs += [f"{located.root}/{name}" for name in part.trace.absent]

    def still() -> bool:
        known, now = outline.sources.get(outline.source), from_disk(file, outline.source)
        if not isinstance(now, Source) or known != now:
            return False
        if part is None:
            return True
        read, names = readers(file, now.text, request.shown, {})
        return holds(part.trace, read, names, seen.neighbours, located.root)

    return row_of(tuple(dict.fromkeys(inputs)), outline, part, apart=file in located.apart), still


def _below(folder: str) -> Iterator[str]:
    """The folders that are searched for specs, and those that are left out for what stands in them."""
    yield folder
    if os.path.isfile(f"{folder}/Chart.yaml"):  # noqa: PTH113
        return
    inside: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            hidden = entry.name.startswith(".") or entry.name == "node_modules"
            if entry.is_symlink() and not hidden and (entry.name == "Chart.yaml" or not entry.is_file()):
                raise _Unknown
            if entry.is_dir() and not hidden:
                inside.append(entry.path)
    for path in inside:
        yield from _below(path)


def _workspaces(located: Located, named: Sequence[Path]) -> Iterator[str]:
    """Where workspace files are, or could be: above the first spec, which decides, and above those that were named. In
    folders that are searched, they are among the names that matter."""
    for file in (*located.wanted[:1], *named):
        for folder in file.absolute().parents:
            yield from (str(folder / name) for name in WORKSPACE_FILES)
            if any(os.path.lexists(folder / name) for name in WORKSPACE_FILES):
                break

"""Every file and folder that a compile of these specs looks at, so that a later run can see whether one has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from svc.model.workspace import FILE_NAMES
from svc.specs import Located
from svc.stages.types import Part, Request


class _Unknown(Exception):
    """What lies behind a link or in a folder that cannot be read is not followed here."""


def looked(located: Located, request: Request, parts: Iterable[tuple[Path, Part]]) -> tuple[str, ...] | None:
    """Paths, those that are not there as well; None when it cannot be told. A folder stands for its list of names."""
    found: dict[str, None] = {}
    try:
        for path in {*request.paths, *([located.root] if located.workspace.document is not None else [])}:
            found.update(dict.fromkeys(_below(str(path)) if path.is_dir() else [str(path)]))
    except (OSError, _Unknown):
        return None
    found.update(dict.fromkeys(map(str, (*located.wanted, *located.others))))
    found.update(dict.fromkeys(_workspaces(located)))
    for pack in located.workspace.workspace.policy.packs:
        folder = located.root / pack
        found.update(dict.fromkeys(map(str, (folder, *folder.rglob("*")))))
    for file, part in parts:
        beside = str(file.absolute().parent)
        found.update({f"{beside}/{name}": None for name in (*part.trace.files, *part.trace.folders)})
        found.update({f"{located.root}/{name}": None for name in part.trace.absent})
    return tuple(found)


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


def _workspaces(located: Located) -> Iterator[str]:
    """Where the workspace's file is, or could be."""
    for folder in located.wanted[0].absolute().parents if located.wanted else ():
        for name in FILE_NAMES:
            yield str(folder / name)
            if (folder / name).is_file():
                return

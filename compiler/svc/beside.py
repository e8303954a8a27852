"""What stands beside a spec, which it may read: files and names of files, by names relative to its folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from svc.folders import WORKSPACE_FILES, given
from svc.source import Source, Unreadable, load


def readers(
    file: Path, text: str, shown: Callable[[Path], str], sources: dict[str, Source]
) -> tuple[Callable[[str], Source | Unreadable], Callable[[str], frozenset[str]]]:
    """How the files and folders beside a spec of that text are read: by names relative to its folder, which they cannot
    leave, but for names that begin with `..`: these cannot leave the folder of the workspace. Each is looked at once: every
    environment asks for the same ones."""
    folder = file.absolute().parent

    def limit(relative: str) -> str:
        above = Path(os.path.normpath(relative)).parts[:1] == ("..",)
        return os.path.realpath(_workspace(folder) if above else folder)

    @cache
    def read(relative: str) -> Source | Unreadable:
        target = Path(os.path.realpath(folder / relative))
        if not target.is_relative_to(limit(relative)):
            return Unreadable(relative, "file-outside", "it leaves the spec's folder")
        found = load(target, name=shown(folder / relative))
        if isinstance(found, Source):
            sources[found.name] = found
        return found

    @cache
    def names(relative: str) -> frozenset[str]:
        inside = f"{folder}/{relative}"
        if not os.path.isdir(inside):  # noqa: PTH112
            return frozenset()
        if folder.is_relative_to(os.path.normpath(inside)):
            within = Path(os.path.realpath(inside)).is_relative_to(limit(relative))
            return given(inside, text) if within else frozenset()
        return frozenset(os.listdir(inside))  # noqa: PTH208

    return read, names


def _workspace(folder: Path) -> Path:
    """The nearest folder with a workspace's file, or the folder itself."""
    above = (one for one in (folder, *folder.parents) if any(os.path.lexists(one / name) for name in WORKSPACE_FILES))
    return next(above, folder)

"""What stands beside a spec, which it may read: files and names of files, by names relative to its folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from svc.folders import given
from svc.source import Source, Unreadable, load


def readers(
    file: Path, text: str, shown: Callable[[Path], str], sources: dict[str, Source]
) -> tuple[Callable[[str], Source | Unreadable], Callable[[str], frozenset[str]]]:
    """How the files and folders beside a spec of that text are read: by names relative to its folder, which they cannot
    leave."""
    folder = file.absolute().parent

    def read(relative: str) -> Source | Unreadable:
        target = Path(os.path.realpath(folder / relative))
        if not target.is_relative_to(os.path.realpath(folder)):
            return Unreadable(relative, "file-outside", "it leaves the spec's folder")
        found = load(target, name=shown(folder / relative))
        if isinstance(found, Source):
            sources[found.name] = found
        return found

    def names(relative: str) -> frozenset[str]:
        inside = f"{folder}/{relative}"
        if not os.path.isdir(inside):  # noqa: PTH112
            return frozenset()
        return given(inside, text) if os.path.normpath(inside) == str(folder) else frozenset(os.listdir(inside))  # noqa: PTH208

    return read, names

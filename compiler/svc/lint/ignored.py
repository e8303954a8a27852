"""Files that git does not know on purpose: what a `.gitignore` in a folder above says, without its finer rules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from svc.source import Unreadable, contents, lines_of

_ABOVE = 12
"""Folders above a file that are asked."""


def lists(file: Path) -> Iterator[Path]:
    """Where the lists are that may speak of a file, the repository's last."""
    for folder in Path(os.path.abspath(file)).parents[:_ABOVE]:  # noqa: PTH100 - without following links
        yield folder / ".gitignore"
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            return


def ignored(file: Path) -> bool:
    """Whether a file may be left out of the repository: one pattern is enough, whatever others take back."""
    whole = Path(os.path.abspath(file))  # noqa: PTH100
    return any(_matches(line.strip(), whole.relative_to(one.parent)) for one in lists(file) for line in _lines(one))


def _lines(file: Path) -> list[str]:
    found = contents(file, str(file))  # no pipe is waited for
    return [] if isinstance(found, Unreadable) else lines_of(found.decode("utf-8", errors="replace"))


def _matches(pattern: str, path: Path) -> bool:
    """A pattern with a slash is of a path from the folder of the list, any other of a name on the way."""
    pattern = pattern.rstrip("/")
    if not pattern or pattern.startswith(("#", "!")):
        return False
    if "/" not in pattern.removeprefix("**/"):
        return any(fnmatchcase(one, pattern.removeprefix("**/")) for one in path.parts)
    anchored = pattern.lstrip("/")
    ways = ("/".join(path.parts[:count]) for count in range(1, len(path.parts) + 1))
    return any(fnmatchcase(one, anchored) for one in ways)

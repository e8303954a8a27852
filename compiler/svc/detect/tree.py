"""A source tree, read with bounds: no link is followed, no file is read beyond a limit, no byte raises."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from svc.patterns import regex
from svc.records import dataclass
from svc.source import lines_of

LIMIT = 512 * 1024
"""Bytes read of one file."""
_ENTRIES = 20_000
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""No link, and no pipe that took a file's place, is waited for."""
_DEPTH = 12
_CONTROL = regex(r"[^\t\n\r\x20-\x7e\x85\xa0-\U0010ffff]")
"""What may stand in no line of a spec."""
_SKIPPED = frozenset(("node_modules", "vendor", "target", "build", "dist", "venv", "__pycache__"))
_OF_DOTNET = frozenset(("bin", "obj"))
"""What is built beside a project of .NET; in other languages a `bin` is of sources."""


@dataclass(frozen=True, slots=True)
class At:
    """Where something was seen; line 0: the file as such."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Tree:
    """The regular files below a folder, as sorted relative paths."""

    root: Path
    files: tuple[str, ...]

    def text(self, path: str) -> str:
        """The beginning of a file; "" for one that is not there. What is not UTF-8, and signs of control, are replaced."""
        if path not in self.files:
            return ""
        try:
            handle = os.open(self.root / path, os.O_RDONLY | _PLAIN)
            with os.fdopen(handle, "rb") as stream:
                return _CONTROL.sub("\ufffd", stream.read(LIMIT).decode("utf-8-sig", errors="replace"))
        except OSError:
            return ""

    def names(self, folder: str) -> frozenset[str]:
        """What is in a folder, as far as it leads to a file."""
        above = "" if folder in ("", ".") else f"{folder}/"
        return frozenset(one[len(above) :].split("/")[0] for one in self.files if one.startswith(above))

    def has(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self.names(folder)

    def search(self, path: str, pattern: str) -> tuple[re.Match[str], At] | None:
        """The first line of a file in which a pattern is found."""
        find = re.compile(pattern).search
        for number, line in enumerate(lines_of(self.text(path)), 1):
            match = find(line[:2000])
            if match is not None:
                return match, At(path, number)
        return None

    def named(self, *endings: str) -> tuple[str, ...]:
        return tuple(path for path in self.files if path.endswith(endings))


def scan(root: Path) -> Tree:
    found: list[str] = []
    seen = 0
    for folder, folders, names in os.walk(root, followlinks=False):
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        seen += 1
        depth = 0 if inside == "." else inside.count("/") + 1
        skipped = _SKIPPED | _OF_DOTNET if any(one.endswith("proj") for one in names) else _SKIPPED
        folders[:] = sorted(one for one in folders if one not in skipped and one[:1] != "." and depth < _DEPTH)
        for name in sorted(names):
            seen += 1
            if seen > _ENTRIES:
                return Tree(root, tuple(sorted(found)))
            if _regular(Path(folder) / name):
                found.append(name if inside == "." else f"{inside}/{name}")
    return Tree(root, tuple(sorted(found)))


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def label(text: str) -> str:
    """A text as a name of the language."""
    found = re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", text.lower())).strip("-")
    return (found if found[:1].isalpha() else f"s-{found}".strip("-"))[:40].strip("-") or "service"

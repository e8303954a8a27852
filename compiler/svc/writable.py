"""Where the writer may write: below its root, through no symbolic link, not over another output."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from svc.diagnostics import Diagnostic, Place, Severity


def within(path: str, folders: Collection[str]) -> bool:
    return bool(folders) and any(PurePosixPath(path).is_relative_to(folder) for folder in folders)


class Listings:
    """What stands in the folders below a root, each read once."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._known: dict[str, list[str]] = {}
        self._folded: dict[str, frozenset[str]] = {}

    def names(self, folder: str) -> list[str]:
        """The names in a folder, none where it cannot be read."""
        if folder not in self._known:
            try:
                self._known[folder] = os.listdir(os.path.join(self._root, folder))  # noqa: PTH118, PTH208
            except FileNotFoundError:
                self._known[folder] = []
                self._folded[folder] = frozenset()
            except OSError:
                self._known[folder] = []
        return self._known[folder]

    def lacks(self, path: str) -> bool:
        """Whether surely nothing stands at a path, on a disk that takes `a` for `A` as well."""
        folder, _, base = path.rpartition("/")
        names = self.names(folder)
        if not names and folder not in self._folded:
            return not os.path.lexists(os.path.join(self._root, path))  # noqa: PTH118
        if folder not in self._folded:
            self._folded[folder] = frozenset(name.lower() for name in names)
        return base.isascii() and base.lower() not in self._folded[folder]


def escape(
    root: Path, path: str, protected: Collection[str], safe: set[str] | None = None, *, there: bool = True
) -> str:
    """Why a path must not be written to, or an empty string. `safe` are folders already looked at; `there` False:
    what stands at the path is not looked at."""
    folder, _, base = path.rpartition("/")
    if not (there or protected) and safe and folder in safe and _plain(base):
        return ""
    parts = path.split("/")
    if "" in parts or "." in parts:
        parts = ["/", *parts] if path.startswith("/") else list(PurePosixPath(path).parts)
    if not parts or parts[0] == "/" or ".." in parts or "\\" in path or "\0" in path:
        return f"{path} is not a plain path below the output folder"
    pure = PurePosixPath(path) if protected else None
    if pure is not None and any(pure.match(pattern) or pure.is_relative_to(pattern) for pattern in protected):
        return f"{path} is protected by the workspace"
    above = "/".join(parts[:-1])
    if safe is None or above not in safe:
        for depth in range(1, len(parts)):
            part = "/".join(parts[:depth])
            if os.path.islink(os.path.join(root, part)):  # noqa: PTH114, PTH118
                return f"{path} passes through the symbolic link {part}"
        if safe is not None:
            safe.add(above)
    if not there:
        return ""
    return taken(path, os.path.join(root, path))  # noqa: PTH118


def taken(path: str, whole: str) -> str:
    """Why what stands at a path cannot be a file of ours, or an empty string."""
    if os.path.islink(whole):  # noqa: PTH114
        return f"{path} passes through the symbolic link {PurePosixPath(path)}"
    return f"{path} is a folder" if os.path.isdir(whole) else ""  # noqa: PTH112


def _plain(name: str) -> bool:
    """Whether it is the name of something in a folder, wherever it is read."""
    return name not in ("", ".", "..") and "\\" not in name and "\0" not in name


def case_clashes(paths: Iterable[str]) -> list[Diagnostic]:
    seen: dict[str, str] = {}
    found = []
    for path in sorted(paths):
        other = seen.setdefault(_folded(path), path)
        if other != path:
            message = f"{path} and {other} are one file on some systems"
            found.append(unwritable("output-clash", path, message, "rename one of the services"))
    return found


def _folded(path: str) -> str:
    """What disks take for one name that ignore case, or store accents in another form."""
    if path.isascii():
        return path.lower()
    from unicodedata import normalize

    return normalize("NFC", normalize("NFD", path).casefold())


def unwritable(id_: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(id_, Severity.ERROR, message, Place(path), hint)

"""The build context as it is looked into: names of folders, texts of files, members of a workspace."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Set
from typing import Any, Protocol

from svc.resolve.context import Context
from svc.source import Source

MOST = 200
"""So many files of one build are told of."""


class Files(Protocol):
    """Files as they are asked for: names in a folder, texts ("" for one that is not there), whether there is one."""

    def names(self, folder: str, /) -> Set[str]: ...
    def text(self, path: str, /) -> str: ...
    def has(self, path: str, /) -> bool: ...


class Tree:
    """The build context, read through the spec's own door so that what was looked at is known."""

    def __init__(self, context: Context) -> None:
        given = context.service.build
        self._context = context
        self._base = posixpath.normpath(given.context if given is not None else ".")

    def _path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._base, path))

    def text(self, path: str) -> str:
        found = self._context.read(self._path(path))
        return found.text if isinstance(found, Source) else ""

    def names(self, folder: str) -> frozenset[str]:
        return self._context.names(self._path(folder))

    def has(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self.names(folder or ".")


def kept(tree: Files, folder: str, names: tuple[str, ...]) -> Iterator[str]:
    """Those of these names that are in the folder."""
    known = tree.names(folder or ".")
    yield from (posixpath.join(folder, name) for name in names if name in known)


def members(tree: Files, globs: list[str], manifest: str) -> Iterator[str]:
    """Folders that a list of globs means: `*` stands for one name, as it does in nearly every workspace."""
    for glob in globs:
        parts = glob.removeprefix("./").rstrip("/").split("/")
        if glob[:1] == "!" or ".." in parts:
            continue
        folders = [""]
        for part in parts:
            pattern = re.compile(re.escape(part).replace(r"\*", "[^/]*"))
            folders = [
                posixpath.join(folder, name)
                for folder in folders
                for name in (sorted(tree.names(folder or ".")) if "*" in part else [part])
                if pattern.fullmatch(name) and name != "node_modules"
            ]
        yield from (folder for folder in folders if tree.has(f"{folder}/{manifest}"))


def uncommented(text: str) -> str:
    """XML without its comments, line for line."""
    return re.sub(r"<!--.*?-->", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)


def as_json(text: str) -> dict[str, Any]:
    """An object of JSON; an empty one for anything else."""
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def as_toml(text: str) -> dict[str, Any]:
    """A document of TOML; an empty one for anything else, numbers that are too long to be read included."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}

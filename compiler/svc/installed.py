"""The program as it is installed: on what it is depends what earlier runs made."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from svc.cache import Store, key
from svc.digests import sha256

_LIBRARIES = ("yaml", "jsonschema")


def code(store: Store | None, *folders: Path) -> str:
    """Its own files and `folders`, the libraries that it uses, and Python; asked once of a store.

    By what the files hold, so that a cache is of use on another machine. That is looked up by the size and time of each
    file, since reading them all takes longer than a warm run.
    """
    if store is None:
        return _made(sorted({Path(__file__).parent, *folders}), _libraries())
    if folders not in store.codes:
        store.codes[folders] = _looked_up(store, sorted({Path(__file__).parent, *folders}), _libraries())
    return store.codes[folders]


def _looked_up(store: Store, own: list[Path], libraries: list[str]) -> str:
    seen = [str(sys.version_info), sys.platform, *libraries]
    for folder in own:
        seen += _signatures(str(folder), "")
    name = key("code", [str(folder) for folder in own], seen)
    known = store.get(name)
    if isinstance(known, str):
        return known
    made = _made(own, libraries)
    store.put(name, made)
    return made


def _made(own: list[Path], libraries: list[str]) -> str:
    return key("code", str(sys.version_info), sys.platform, [_version(one) for one in libraries], *map(_contents, own))


def _libraries() -> list[str]:
    """The first file of each that is there, with size and times."""
    found = []
    for name in _LIBRARIES:
        for base in sys.path:
            path = os.path.join(base, name, "__init__.py")  # noqa: PTH118
            with contextlib.suppress(OSError):
                state = os.stat(path)  # noqa: PTH116
                found.append(f"{path}\0{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}")
                break
    return found


def _version(library: str) -> list[str]:
    """What a library's own files, or the names of their installer, say of its version."""
    file = Path(library.partition("\0")[0])
    installed = [one.name for one in file.parent.parent.glob("*.dist-info")]
    named = [one for one in installed if file.parent.name in one.lower().partition("-")[0]]
    return [sha256(file.read_bytes()).hexdigest(), *sorted(named)]


def _contents(folder: Path) -> str:
    files = (path for path in folder.rglob("*") if "__pycache__" not in path.parts and path.is_file())
    named = sorted((path.relative_to(folder).as_posix(), path) for path in files)
    return key(*(part for name, path in named for part in (name, path.read_bytes())))


def _signatures(folder: str, under: str) -> list[str]:
    found = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                found += _signatures(entry.path, f"{under}{entry.name}/")
            else:
                state = entry.stat()
                found.append(f"{under}{entry.name} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}")
    return found

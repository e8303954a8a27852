"""Walking folders: one scan of each, none of a folder that is left out, and none behind a link."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from svc.diagnostics import Diagnostic, Place, Severity
from svc.patterns import like

WORKSPACE_FILES = ("svc-workspace.yaml", "svc-workspace.yml")
"""Names of the file that says what all services below its folder have in common."""
Enter = Callable[[Path], bool]
"""Whether a folder is looked into."""
Refused = Callable[[Path, OSError], None]
"""Told of a folder that cannot be read, and why."""

_ANY_DEPTH = "**"
_GENERATED = frozenset(
    (
        *("Dockerfile", "Dockerfile.dockerignore", ".dockerignore", "compose.yaml", ".env.example"),
        *("chart", "terraform", ".github", ".svc-outputs.json"),
    )
)
"""What svc puts beside a spec."""
_PROJECTS = ("package.json", "pyproject.toml", "pom.xml", "build.gradle", "build.gradle.kts", "go.mod", "Cargo.toml")


def workspace_of(folder: Path, known: dict[Path, Path | None]) -> Path | None:
    """The nearest workspace file in or above an absolute folder, whether or not it can be read. `known`: earlier answers."""
    if folder not in known:
        named = (folder / name for name in WORKSPACE_FILES)
        here = next((file for file in named if os.path.lexists(file)), None)
        known[folder] = here or (workspace_of(folder.parent, known) if folder != folder.parent else None)
    return known[folder]


def home_of(file: Path, known: dict[Path, Path | None]) -> Path | None:
    """The nearest workspace file above a file, by one name for each, however the file is named."""
    found = workspace_of(Path(os.path.abspath(file)).parent, known)  # noqa: PTH100
    return None if found is None else _resolved(found)


def _resolved(file: Path) -> Path:
    return Path(os.path.realpath(file.parent)) / file.name


def leads_out(file: Path, folder: Path) -> bool:
    """Whether a file in the repository around a folder is not there: it, or a folder above it, is a link out of it.

    A path outside of the repository is where whoever wrote it says.
    """
    root = _around(Path(os.path.abspath(folder)))  # noqa: PTH100 - links are where they are
    here = Path(os.path.abspath(file))  # noqa: PTH100
    return here.is_relative_to(root) and not Path(os.path.realpath(here)).is_relative_to(os.path.realpath(root))


def _around(folder: Path) -> Path:
    """The repository around a folder, else its workspace, else the folder. What holds somebody's home is none of them."""
    home = Path(os.path.realpath(os.environ.get("HOME") or "/"))
    above = [one for one in (folder, *folder.parents) if not home.is_relative_to(one)]
    for names in ((".git",), WORKSPACE_FILES):
        for one in above:
            if any(os.path.lexists(one / name) for name in names):
                return one
    return folder


def mixed(base: Path | None, files: Iterable[Path], shown: Callable[[Path], str]) -> list[Diagnostic]:
    """The workspaces of files that are not the one which decides for the run: its settings are for its own files."""
    known: dict[Path, Path | None] = {}
    found = {workspace_of(Path(os.path.abspath(file)).parent, known) for file in files}  # noqa: PTH100
    named = {one if one is None else _resolved(one) for one in found}
    mine = None if base is None else _resolved(base)
    return [two_workspaces(mine, other, shown) for other in sorted(named - {mine}, key=str)]


def two_workspaces(one: Path | None, other: Path | None, shown: Callable[[Path], str]) -> Diagnostic:
    """Said of the deeper one, whichever decides."""
    there = [file for file in (one, other) if file is not None]
    *above, deepest = sorted(there, key=lambda file: (len(file.parts), str(file)))
    others = f"those of `{shown(above[0])}`" if above else "files without a workspace"
    message = f"files of this workspace and {others} are in one run, and one workspace decides for all of them"
    advice = "name the files of each workspace in a run of its own, or keep one workspace file"
    return Diagnostic("workspace-mixed", Severity.ERROR, message, Place(shown(deepest)), advice)


def given(folder: str, text: str) -> frozenset[str]:
    """The names in the folder of a spec, without those that svc puts there itself: a compile does not change the next one.

    One that the spec's text speaks of is the user's, and so is a folder that holds a project.
    """
    with os.scandir(folder) as entries:
        return frozenset(
            [
                name
                for entry in entries
                if ((name := entry.name) not in _GENERATED or name in text or _holds_project(entry))
                and not (name.endswith(".svc") and name.startswith("."))
            ]
        )


def _holds_project(entry: os.DirEntry[str]) -> bool:
    inside: Collection[str] = _PROJECTS
    with contextlib.suppress(OSError):  # it may be entered and not listed
        inside = os.listdir(entry.path) if entry.is_dir() else ()  # noqa: PTH208
    return any(os.path.isfile(f"{entry.path}/{name}") for name in _PROJECTS if name in inside)  # noqa: PTH113


def below(folder: Path, enter: Enter, refused: Refused | None = None) -> Iterator[os.DirEntry[str]]:
    """What is no folder below a folder, sorted by path. Links to folders are passed over, those to files are not.

    `refused` is told of folders that cannot be read; without it, they raise OSError.
    """

    def listed(inside: Path) -> Iterator[os.DirEntry[str]]:
        try:
            return iter(_entries(inside))
        except OSError as error:
            if refused is None:
                raise
            refused(inside, error)
            return iter(())

    open_ = [listed(folder)]
    while open_:
        entry = next(open_[-1], None)
        if entry is None:
            open_.pop()
        elif not entry.is_dir():
            yield entry
        elif not entry.is_symlink() and enter(Path(entry.path)):
            open_.append(listed(Path(entry.path)))


def matching(folder: Path, pattern: str, enter: Enter) -> list[Path]:
    """The files below a folder whose relative path fits a pattern such as `services/*/service.yaml`, sorted."""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return sorted(set(_matching(folder, parts, enter))) if parts else []


def _matching(folder: Path, parts: Sequence[str], enter: Enter) -> Iterator[Path]:
    first, rest = parts[0], parts[1:]
    deep = first == _ANY_DEPTH and len(rest) > 0
    if deep:
        yield from _matching(folder, rest, enter)
    for entry in _entries(folder):
        path = Path(entry.path)
        if deep:
            if entry.is_dir() and not entry.is_symlink() and enter(path):
                yield from _matching(path, parts, enter)
        elif like(entry.name, first):
            if rest and entry.is_dir() and enter(path):
                yield from _matching(path, rest, enter)
            elif not rest and entry.is_file():
                yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted((one for one in found if not _circular(one)), key=lambda one: one.name)


def _circular(entry: os.DirEntry[str]) -> bool:
    """Whether it is a link that leads back to itself, and so to nothing."""
    try:
        if entry.is_symlink():
            entry.is_dir()
    except OSError:
        return True
    return False

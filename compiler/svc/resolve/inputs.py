"""What decides the outputs of a service, as globs from the output root.

`*` stands for what has no `/`, `**` for anything; before a character that means something else in a glob stands a `\\`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from pathlib import Path

from svc.model.workspace import Workspace
from svc.patterns import regex
from svc.records import dataclass, field
from svc.resolve.context import Neighbour
from svc.source import Source, Unreadable

Read = Callable[[str], Source | Unreadable]
Names = Callable[[str], frozenset[str]]

_SPECIAL = regex(r"[*?+\[\]!\\]", needs=tuple("*?+[]!\\"))


def literally(path: str) -> str:
    """A glob that matches this path and no other."""
    return _SPECIAL.sub(r"\\\g<0>", path)


def everything_in(folder: str) -> str:
    """A glob of what is below a folder."""
    inside = posixpath.normpath(folder)
    return "**" if inside == "." else f"{literally(inside)}/**"


def sources(directory: str, context: str) -> str:
    """A glob of the spec's folder, or of the one above it that the image is built of."""
    where = posixpath.normpath(context or ".")
    return everything_in(posixpath.join(directory, where) if where.split("/")[0] == ".." else directory)


def folders(directory: str, context: str) -> tuple[str, ...]:
    """Globs of the spec's folder, with all that is made there, and of the one that the image is built of."""
    own, built = everything_in(directory), sources(directory, context)
    return (built,) if own.startswith(built.removesuffix("**")) else (own, built)


def packages(files: Iterable[Path], root: Path) -> tuple[str, ...]:
    """The folders of CUE files below an output root, a glob for each: a file more is one of the package."""
    inside = (file.relative_to(root).parent.as_posix() for file in files if file.is_relative_to(root))
    return tuple(dict.fromkeys("*.cue" if one == "." else f"{literally(one)}/*.cue" for one in inside))


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a spec, read and listed; `opened` and `listed` get the names that were asked for, there or not."""

    directory: str
    reader: Read
    names: Names
    opened: dict[str, None] = field(default_factory=dict)
    listed: dict[str, None] = field(default_factory=dict)

    def read(self, relative: str) -> Source | Unreadable:
        found = self.reader(relative)
        if isinstance(found, Source) or found.id != "file-outside":
            self.opened[relative] = None
        return found

    def listing(self, relative: str) -> frozenset[str]:
        self.listed[relative] = None
        return self.names(relative)

    def globs(self) -> set[str]:
        """A file more in a folder that was listed counts as much as one that was read."""
        folders = {self._place(name) for name in self.listed}
        files = {self._place(name) for name in self.opened}
        apart = {literally(one) for one in files if (posixpath.dirname(one) or ".") not in folders}
        below = {one for one in folders if one != ".." and not one.startswith("../")}
        return apart | {"*" if one == "." else f"{literally(one)}/*" for one in below}

    def _place(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self.directory, name))


def inputs(
    beside: Iterable[str], shared: Iterable[str], around: Iterable[str], asked: Iterable[Neighbour]
) -> tuple[str, ...]:
    """Sorted: what was looked at in the spec's folder, what the spec shares with others, what is `around` all specs, and
    the specs of the neighbours that something was asked of."""
    found = {*beside, *shared, *around, *(glob for one in asked for glob in one.made_of)}
    return tuple(sorted(one for one in found if not _of_package(one) or _of_package(one) not in found - {one}))


def _of_package(glob: str) -> str:
    """The glob of the package that a CUE file may belong to."""
    return posixpath.join(posixpath.dirname(glob), "*.cue") if glob.endswith(".cue") else ""


def around(file: str, workspace: Workspace) -> tuple[str, ...]:
    """The workspace's file ("": there is none) and the policies that it names."""
    return (literally(file), *map(everything_in, workspace.policy.packs)) if file else ()

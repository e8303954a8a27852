"""`--changed-since REF`: the files that differ from a commit, by the user's own git.

Nothing of the repository is run: no hooks, no external diff, no text conversion, no file system monitor.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from svc import tools
from svc.diagnostics import Diagnostic
from svc.patterns import regex
from svc.records import dataclass

_QUIET = (
    "-c",
    "core.quotePath=true",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "--no-pager",
    "--no-optional-locks",
)
_NAMES = (
    *("--name-only", "--no-ext-diff", "--no-textconv", "--merge-base"),
    *("--no-renames", "--no-relative", "--ignore-submodules=none"),
)
"""Both names of what was moved, all from the root, whatever the user's configuration is."""
_FATAL = 128
"""With it git refuses: no repository, no such option, a broken one."""
_HASH = regex(r"[0-9a-f]{40,64}\n")


class NoSuchChange(Exception):
    """The question cannot be answered: no git, no repository, no such commit. The message says which."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Absolute paths of files that were added, changed or removed since a commit, untracked ones included; and of
    repositories within the repository, of which git says that something changed and not what. A link is a file of its
    own: nothing changes where it leads to."""

    files: frozenset[Path]

    def holds(self, path: Path) -> bool:
        """Whether a file changed, or the repository that it is in; of a link, it or what it leads to."""
        return any(one in self.files or not self.files.isdisjoint(one.parents) for one in (_named(path), _real(path)))

    def touches(self, folder: Path) -> bool:
        """Whether anything below a folder changed."""
        return self.holds(folder) or any(file.is_relative_to(_real(folder)) for file in self.files)


def since(reference: str, box: tools.Toolbox, folder: Path) -> Changes:
    """What changed since the merge base with a commit, in the repository around a folder. Raises NoSuchChange."""
    try:
        git = tools.find("git", box)
    except tools.ToolMissing as missing:
        raise NoSuchChange(str(missing)) from None

    def ask(fits: Callable[[str], object], *args: str, codes: tuple[int, ...] = (_FATAL,)) -> str:
        """What git prints, without the end of its line; `codes`: those by which it says that there is no such thing."""
        done = tools.run(git, [*_QUIET, *args], cwd=folder, timeout=60)
        if done.returncode in codes:
            raise NoSuchChange(done.stderr.strip().split("\n")[-1] or "git refused without a word")
        said = tools.expect(done).stdout
        if not fits(said):
            raise tools.garbled(done, "not what was asked")
        return said

    root = Path(ask(_is_folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    which = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    try:
        commit = ask(_HASH.fullmatch, *which, codes=(1, _FATAL)).strip()
    except NoSuchChange:
        raise NoSuchChange(f"there is no commit `{reference}` here; in CI, fetch it first (fetch-depth: 0)") from None
    try:
        differing = ask(_is_list, "diff", *_NAMES, commit, "--")
    except NoSuchChange as refused:
        more = "; in CI, fetch what is between them first (fetch-depth: 0)" if "merge base" in str(refused) else ""
        raise NoSuchChange(f"{refused}{more}") from None
    untracked = ask(_is_list, "ls-files", "--others", "--exclude-standard", "--full-name", "--", ":/")
    names = [name for name in (differing + untracked).split("\n") if name]
    return Changes(frozenset(_named(root / _unquoted(name)) for name in names))


def _named(path: Path) -> Path:
    """Without links above it; what is a link itself keeps its name."""
    return _real(path.parent) / path.name if path.name not in ("", "..") else _real(path)


def _real(path: Path) -> Path:
    """Without links, as far as they lead anywhere."""
    return Path(os.path.realpath(path))


def _is_folder(text: str) -> bool:
    return "\0" not in text and Path(text.rstrip("\n")).is_absolute() and Path(text.rstrip("\n")).is_dir()


def _is_list(text: str) -> bool:
    return not text or (text.endswith("\n") and text.isascii())


def _unquoted(name: str) -> str:
    """A name as git writes it: in quotes where it holds more than printable ASCII, byte by byte, so that any name is
    whole; a list with NUL between would have to be UTF-8."""
    if not name.startswith('"'):
        return name
    escapes = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}

    def byte(match: re.Match[bytes]) -> bytes:
        said = match[1].decode()
        return bytes([escapes[said] if said in escapes else int(said, 8)])

    return os.fsdecode(re.sub(rb'\\([0-7]{3}|[abtnvfr"\\])', byte, name[1:-1].encode()))


def only(diagnostics: Iterable[Diagnostic], changes: Changes, file_of: Callable[[str], Path]) -> list[Diagnostic]:
    """The findings in files that changed. All files were read, so that a change is judged beside its neighbours."""
    return [one for one in diagnostics if changes.holds(file_of(one.place.file))]

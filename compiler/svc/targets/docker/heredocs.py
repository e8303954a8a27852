"""Which here-documents a line of a Dockerfile begins (`ParseHeredoc` in frontend/dockerfile/parser)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from svc.patterns import regex
from svc.records import dataclass, field
from svc.targets.docker.types import unquoted

_WORD = regex(r"""(?:<<\s*|\\.?|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'\\])+|\s+""", re.S)
"""Space, or a word in which every quote is closed; space behind `<<` belongs to it."""
_BEGUN = regex(r"[0-9]*<<(-?)\s*([^<]*)")
_JOINED = regex(r"""(?<!\S)([^\s<"'`$(]*[^\s<"'`$(\d])(<<-?(["']?)(\w[\w.-]*)\3)(?!\S)""")
"""`cat<<EOF`, which begins one in a shell."""
_PLAIN = regex(r"\w[\w.-]*(?=[^\w.-])")


@dataclass(frozen=True, slots=True)
class Begun:
    """`<<NAME` as it stands in a line. `quoted`: variables are not expanded; `strip`: leading tabs are dropped."""

    name: str
    quoted: bool
    strip: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """The lines of a file, in which here-documents end: that one has no end is known without a look at all that follow."""

    lines: Sequence[str]
    _last: dict[Callable[[str], str], dict[str, int]] = field(default_factory=dict, compare=False, repr=False)
    """Where each line stands last, by how lines are cut."""

    def find(self, name: str, index: int, cut: Callable[[str], str]) -> int | None:
        """The first line from `index` on that is the name when it is cut."""
        if cut not in self._last:
            self._last[cut] = {cut(line): at for at, line in enumerate(self.lines)}
        if self._last[cut].get(name, -1) < index:
            return None
        return next(at for at in range(index, len(self.lines)) if cut(self.lines[at]) == name)


def untabbed(line: str) -> str:
    return line.lstrip("\t")


def begun(line: str) -> Iterator[Begun]:
    """A word of its own each: `<<` within another word, or in quotes, is the shell's; with a quote open there is none."""
    words = [one[0] for one in _WORD.finditer(line)]
    if sum(map(len, words)) < len(line):
        return
    for word in words:
        match = _BEGUN.fullmatch(word)
        if match and (name := unquoted(match[2])):
            yield Begun(name, "'" in match[2] or '"' in match[2], bool(match[1]))


def joined(line: str) -> tuple[str, str, str]:
    """A word that would begin a here-document with a space in it: as it is written, with the space, and the name."""
    match = _JOINED.search(line)
    return (match[0], f"{match[1]} {match[2]}", match[4]) if match else ("", "", "")


def glued(name: str, line: str) -> str:
    """What to write where a line ends what was meant, and the shell's `;` or `)` has become a part of the name."""
    plain = _PLAIN.match(name)
    rest = name[plain.end() :] if plain and line == plain[0] else ""
    return f"put a space between `{line}` and `{rest}`: both together are taken for the name" if rest else ""

"""A difference as `git diff` prints one, so that `git apply` and `patch` make of the old text exactly the new one."""

from __future__ import annotations

import difflib
import re

from svc.patterns import regex
from svc.visible import printable

_OF_GIT = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}
_LONGEST = 10_000
"""Characters of a line that is taken away: far more than what svc writes into one."""
_CONTROL = regex(r"[\0-\x08\x0b-\x1f\x7f-\x9f]")
_NO_END = "\\ No newline at end of file\n"


def difference(name: str, old: str, new: str) -> str:
    """The difference of two texts of one file; empty where there is none."""
    made = difflib.unified_diff(_lines(old), _lines(new), _quoted(f"a/{name}"), _quoted(f"b/{name}"))
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in made)


def presentable(made: str) -> str:
    """A difference whose lines that are taken away may be anybody's: what a terminal or a log obeys are escapes in them,
    and of a very long one the beginning is shown. Where there is none, it is the difference."""
    head, lines = (found := _lines(made))[:2], found[2:]
    return "".join([*head, *(_presentable(line) if line[:1] == "-" else line for line in lines)])


def _presentable(line: str) -> str:
    text = line.removesuffix("\n").removesuffix("\r")
    end = line[len(text) :]
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}... ({len(text) - 1} characters)"
    return printable(text, "\t") + end if _CONTROL.search(text) else text + end


def removal(name: str) -> str:
    return f"--- {_quoted(f'a/{name}')}\n+++ /dev/null\n"


def _lines(text: str) -> list[str]:
    """Lines end at line feeds and nowhere else."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _quoted(name: str) -> str:
    """A name as git writes it: in quotes when it holds what would end or change the line."""
    if name.isprintable() and '"' not in name and "\\" not in name:
        return name
    return '"' + "".join(_escaped(char) for char in name) + '"'


def _escaped(char: str) -> str:
    if char in _OF_GIT:
        return f"\\{_OF_GIT[char]}"
    if char.isprintable():
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))

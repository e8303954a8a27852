"""A difference as `git diff` prints one, so that `git apply` and `patch` make of the old text exactly the new one."""

from __future__ import annotations

import difflib
import re

_OF_GIT = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}
_NO_END = "\\ No newline at end of file\n"


def difference(name: str, old: str, new: str) -> str:
    made = difflib.unified_diff(_lines(old), _lines(new), _quoted(f"a/{name}"), _quoted(f"b/{name}"))
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in made)


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

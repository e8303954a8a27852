"""The words of an instruction that keeps quotes and escapes in them: ARG, ENV, LABEL."""

from __future__ import annotations

import re

from svc.patterns import regex

_WORD = {
    escape: regex(
        rf"""\s+|((?:[^\s'"{re.escape(escape)}]+|{re.escape(escape)}.|"(?:[^"{re.escape(escape)}]|{re.escape(escape)}.)*"|'[^']*')+)""",
        re.S,
    )
    for escape in ("\\", "`")
}
"""Space, or a word in which every quote is closed."""


def words(text: str, escape: str = "\\") -> tuple[str, ...]:
    """Words as written: white space separates them unless it is quoted or escaped."""
    parts = list(_WORD[escape].finditer(text))
    if sum(one.end() - one.start() for one in parts) == len(text):
        return tuple(one[1] for one in parts if one[1])
    return slow_words(text, escape)


def slow_words(text: str, escape: str) -> tuple[str, ...]:
    """The same, letter by letter, for any text."""
    found: list[str] = []
    current, quote, index = "", "", 0
    while index < len(text):
        char = text[index]
        if char == escape and quote != "'" and index + 1 < len(text):
            current += char + text[index + 1]
            index += 1
        elif not quote and char.isspace():
            found += [current] if current else []
            current = ""
        else:
            if char in "'\"":
                quote = "" if quote == char else quote or char
            current += char
        index += 1
    return tuple([*found, current] if current else found)

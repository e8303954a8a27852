"""The words of a CUE text, with the commas that CUE puts at ends of lines. It never raises on any text."""

from __future__ import annotations

import re
from typing import NamedTuple

from svc.patterns import regex

_TOKEN = regex(
    r"""(?P<newline>\n)|(?P<space>[ \t\r]+)|(?P<comment>//[^\n]*)
    |(?P<quote>\#*(?:\"\"\"|'''|"|'))
    |(?P<attribute>@[A-Za-z_]\w*\()
    |(?P<word>(?:_?\#|_)?[^\W\d][\w$]*|_\#?|[$][\w$]*)
    |(?P<number>\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)
    |(?P<dots>\.\.\.)|(?P<sign>.)""",
    re.VERBOSE,
)


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Tokens with the commas that CUE puts at ends of lines, as `newline`; strings are one token each."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        kind = match.lastgroup or ""
        end = match.end()
        if kind == "quote":
            end = _string_end(text, at, match.group())
        elif kind == "attribute":
            end = _closing(text, end)
        if kind == "newline":
            if found and _ends(found[-1]):
                found.append(Token("newline", "\n", at, end))
        elif kind not in ("space", "comment", "attribute"):
            found.append(Token("string" if kind == "quote" else kind, text[at:end], at, end))
        at = end
    return found


def _ends(token: Token) -> bool:
    """Whether a line that ends with the token ends a declaration."""
    return token.kind in ("string", "word", "number", "dots") or token.text in (")", "]", "}", "?", "!")


def _string_end(text: str, at: int, opening: str) -> int:
    hashes = opening.count("#")
    closing = opening[hashes:] + "#" * hashes
    escape = "\\" + "#" * hashes
    at += len(opening)
    while at < len(text):
        if text.startswith(closing, at):
            return at + len(closing)
        if text.startswith(escape + "(", at):
            at = _closing(text, at + len(escape) + 1)
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif text[at] == "\n" and len(opening) - hashes == 1:
            return at
        else:
            at += 1
    return len(text)


def _closing(text: str, at: int) -> int:
    """Behind the parenthesis that closes the one before `at`."""
    depth = 1
    while at < len(text) and depth:
        if text[at] in "\"'":
            end = text.find(text[at], at + 1)
            at = len(text) if end < 0 else end
        depth += {"(": 1, ")": -1}.get(text[at : at + 1], 0)
        at += 1
    return at

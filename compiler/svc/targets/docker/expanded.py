"""Words in which BuildKit fills in variables, and what it refuses in them (frontend/dockerfile/shell/lex.go)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from svc.patterns import regex
from svc.targets.docker.types import Instruction, unquoted
from svc.targets.docker.words import words

Said = tuple[str, str]
"""What is wrong, and what to write."""

_FILLED = {"ADD": ("checksum", "chmod", "chown"), "COPY": ("chmod", "chown", "from"), "FROM": ("platform",)}
_WORDS = frozenset(("ADD", "COPY", "EXPOSE", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"))
_PAIRED = frozenset(("ENV", "LABEL"))
_ARRAYS = frozenset(("ADD", "COPY", "VOLUME"))
_UNQUOTED = frozenset(("ADD", "COPY"))
"""Whose here-documents are filled in, with quotes as they are."""
_VARIABLE = regex(r"\$\{(?P<name>[@*#?$!0-]|\d+|\w*)(?P<how>:?[-+?]|[#%]|//?|)")
_SHOWN = 24


def wrong(one: Instruction, escape: str) -> Said | None:
    """The first word of an instruction that cannot be filled in."""
    for word in _words(one):
        if ("'" in word or '"' in word or "${" in word) and (said := fault(word, escape)) is not None:
            return said[0], _array(one, escape) or (said[1].replace("\\", "\\\\") if one.exec else said[1])
    for document in one.heredocs if one.keyword in _UNQUOTED else ():
        if not document.quoted and "${" in document.text and (said := fault(document.text, "\\", quotes=False)):
            return said[0], f"write <<'{document.name}' where nothing is to be filled in"
    return None


def _words(one: Instruction) -> Iterator[str]:
    filled = _FILLED.get(one.keyword, ())
    yield from (value for name, value in one.flags if value and name in filled)
    if one.keyword in _WORDS:
        yield from one.args
    elif one.keyword == "FROM":
        yield from one.args[:1]
    elif one.keyword == "ARG":
        yield from (word.partition("=")[2] for word in one.args)
    elif one.keyword in _PAIRED and one.args[1:] and "=" not in one.args[0]:
        yield " ".join(one.args[1:])
    elif one.keyword in _PAIRED:
        yield from (part for word in one.args for part in word.partition("=")[::2])


def _array(one: Instruction, escape: str) -> str:
    """What to write where quotes were meant to hold a path together, which they do in an array alone."""
    text = " ".join(one.args)
    if one.exec or one.keyword not in _ARRAYS or fault(text, escape) is not None:
        return ""
    paths = json.dumps([unquoted(word) for word in words(text, escape)])
    return f"a path with a space stands in an array: {one.keyword} {paths}"


def fault(word: str, escape: str, *, quotes: bool = True) -> Said | None:
    """What is wrong with one word. What has still to be closed is a stack: a double quote, the brace of a variable, or the
    slash behind a pattern."""
    closing: list[tuple[str, int]] = []
    at = 0
    while at < len(word):
        char, awaited = word[at], closing[-1][0] if closing else ""
        start, at = at, at + 1
        if char == awaited:
            closing[-1:] = [("}", closing[-1][1])] if char == "/" else []
        elif char == "$":
            match = _VARIABLE.match(word, start)
            if match is None:
                at += word.startswith("$", at)
                continue
            at = match.end()
            if not match["name"] or (not match["how"] and word[at : at + 1] != "}"):
                return _no_variable(word, start)
            closing.append(("/" if match["how"].startswith("/") else "}", start))
        elif char == escape:
            at += 1
        elif quotes and char == '"':
            closing.append((char, start))
        elif quotes and char == "'" and awaited != '"':
            at = word.find("'", at) + 1
            if not at:
                return _open_quote("'", word)
    if not closing:
        return None
    return _open_quote('"', word) if closing[-1][0] == '"' else _no_variable(word, closing[-1][1])


def _no_variable(word: str, start: int) -> Said:
    end = word.find("}", start) + 1
    if not end:
        shown = word[start : start + _SHOWN].partition("\n")[0]
        return f"`{shown}` is not closed", "write `}` behind it, or `\\$` for a dollar sign"
    message = f"`{word[start:end]}` is no variable that the builder can fill in"
    return message, "it takes ${NAME}, with :-, -, :+, +, :?, ?, #, %, / or // behind NAME; `\\$` is a dollar sign"


def _open_quote(quote: str, word: str) -> Said:
    return (
        f"the quote {quote} in `{word}` is not closed",
        f"close it, or write `\\{quote}` where the sign itself is meant",
    )

"""Texts of others as they may be printed: nothing in them moves a cursor, turns the line around or speaks to a CI server.

Names of files, keys and values come from whoever wrote what is judged. Reports for people show the characters that no
eye sees as escapes; documents for programs hold every text exactly, in characters that a terminal prints.
"""

from __future__ import annotations

from typing import Any

from svc.patterns import regex

_COMMAND = regex(r"##(?=(?:vso|teamcity)?\[)")
"""What CI servers obey anywhere in a line of a log (actions/runner, ActionCommand.TryParse; Azure; TeamCity)."""
_AT_START = regex(r"(?m)^([^\S\n]*):(?=:)")
"""The beginning of a line that GitHub's runner obeys (ActionCommand.TryParseV2)."""


def one_line(text: str) -> str:
    """A text within a line: line breaks are escapes as well."""
    return text if _harmless(text) else _shown(text, "\t")


def lines(text: str) -> str:
    """A text of several lines, which stay lines."""
    return text if _harmless(text) else _shown(text, "\n\t")


def as_json(document: Any) -> str:
    """A document for programs, two spaces deep: the characters that do not print are JSON's own escapes.

    Halves of surrogate pairs, which stand for bytes of a file's name that are no UTF-8, are U+FFFD: strict readers
    take no other.
    """
    import json

    text = json.dumps(document, indent=2, ensure_ascii=False)
    if not text.replace("\n", "").isprintable():
        text = "".join(char if char.isprintable() or char == "\n" else _json(char) for char in text)
    return _COMMAND.sub(r"#\\u0023", text) + "\n"


def as_xml(document: str) -> str:
    """A document whose texts are escaped: the characters that do not print are references."""
    if not _harmless(document.replace("\n", "")):
        document = "".join(char if char.isprintable() or char in "\n\t" else f"&#{ord(char)};" for char in document)
        document = _AT_START.sub(r"\1&#58;", _COMMAND.sub("#&#35;", document))
    return document


def whole(text: str) -> str:
    """A text that every encoder takes: halves of surrogate pairs are U+FFFD."""
    return text if text.isprintable() else "".join("\ufffd" if _half(char) else char for char in text)


def _harmless(text: str) -> bool:
    return text.isprintable() and "##" not in text and "::" not in text


def _shown(text: str, kept: str) -> str:
    return _AT_START.sub(r"\1\\x3a", _COMMAND.sub(r"#\\x23", printable(text, kept)))


def printable(text: str, kept: str) -> str:
    """Every character that an eye sees, and these; the others as escapes in ASCII, as most languages write them."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in kept else char.encode("unicode_escape").decode() for char in text
    )


def _json(char: str) -> str:
    code = ord(char)
    if _half(char):
        return "\\ufffd"
    halves = (code,) if code < 0x10000 else (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF))
    return "".join(f"\\u{one:04x}" for one in halves)


def _half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"

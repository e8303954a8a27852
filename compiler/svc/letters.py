"""Letters that stand for names which may be any others: what is so for the letter is so for whatever it stands for.

A letter can be printed, stands nowhere else, and is nothing special to YAML, JSON and templates.
"""

from __future__ import annotations

from svc.patterns import regex

LETTERS = regex("[\ua500-\ua5ff]")
NAMES = 0xA500
"""The first letter of a name."""
NAME = regex(r"(?=[a-z0-9-]*[ghjkmpqvw])[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
"""With a letter that is in no word and number of YAML 1.1 and 1.2, so that a text with the name in it is none either; nor is
it in an escape of JSON."""
LONGEST, _LINE = 200, 1000
"""Of what a letter stands for; and of a line, since YAML takes keys of up to 1,024 characters."""

Standing = tuple[tuple[str, str], ...]
"""Names and texts, and the letter that stands for each."""


def free(text: str) -> bool:
    """Whether no letter is taken."""
    return text.isascii() or LETTERS.search(text) is None


def lettered(text: str, names: Standing) -> str:
    for name, letter in names:
        text = text.replace(name, letter)
    return text


def named(text: str, names: Standing) -> str:
    """The other way round."""
    if not text.isascii():
        for name, letter in names:
            text = text.replace(letter, name)
    return text


def short(text: str) -> bool:
    """Whether no line is too long for a key, whatever its letters stand for."""
    lines = text.split("\n")
    return not any([len(one) + (0 if one.isascii() else len(LETTERS.findall(one)) * LONGEST) > _LINE for one in lines])  # noqa: C419

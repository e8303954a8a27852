"""Words that look drawn at random: keys and passwords under names that tell nothing, in no known form.

Small letters, capitals and digits change places as often as in random text, and no run of small letters is as long as a
word. Digests, ids in small letters, versions and paths are none. Of 15,897 files of public projects 32 hold such a word,
most of them rightly (decision 0153): too few for a finding to be right nearly always, and enough for stars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from svc.patterns import regex

_WORD = regex(r"(?<![\w+/.:@$%~-])[A-Za-z0-9+/]{20,200}={0,2}(?![\w+/=.:@(-])")
_LETTERS = regex(r"[a-z]{6}")
"""A run like that is a word: one in twelve of 32 random characters has it."""
_CHANGES = 0.4
"""Of two neighbours this share is of different kinds at least; in random text it is 0.62, in names 0.25."""


def drawn(text: str) -> Iterator[tuple[int, int]]:
    """Where such words stand."""
    for match in _WORD.finditer(text):
        if _at_random(match[0].rstrip("=")):
            yield match.span()


def _at_random(word: str) -> bool:
    if len(re.findall(r"\d+", word)) < 2 or not re.search("[A-Z]", word) or not re.search("[a-z]", word):
        return False
    pairs = [(one, other) for one, other in pairwise(map(_kind, word)) if one and other]
    return not _LETTERS.search(word) and sum(one != other for one, other in pairs) >= _CHANGES * len(pairs)


def _kind(char: str) -> str:
    return "digit" if char.isdigit() else "small" if char.islower() else "capital" if char.isupper() else ""

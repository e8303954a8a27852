"""What is known of a file that holds a secret, without a word of that file: its words are places in the text.

A run reads the text anyway, and takes the words from there. What is left are words of ours, such as the names of
policies, and messages; where one of these may hold a secret, or a number of the file has another spelling, nothing is kept.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from enum import Enum
from typing import Any

from svc.lint.ahead import Part
from svc.patterns import regex
from svc.pickles import plain
from svc.records import dataclass
from svc.report.mask import shows_secret, words_of
from svc.report.spots import spots
from svc.source import Source

LEAST = 6
"""Characters from which on a text, and digits from which on a number, may be a secret (`svc.report.mask`)."""

_LINES = regex(r"[^\n]*\n|[^\n]+")

Word = tuple["tuple[int, int] | str", ...]
"""Places in the text, and what stands between them in no file."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A part as plain data, in which a number stands for each word; `numbers`: those words that are numbers."""

    data: bytes
    words: tuple[Word, ...]
    numbers: frozenset[int]


def cut(part: Part, sources: Sequence[Source]) -> Cut | None:
    """None for a part that cannot be kept."""
    if any(_spelled_otherwise(one.text) for one in sources):
        return None
    stream = io.BytesIO()
    made = _Cutter(stream, sources)
    try:
        made.dump(part)
    except _NotKept:
        return None
    return Cut(stream.getvalue(), tuple(made.words), frozenset(made.numbers))


def _spelled_otherwise(text: str) -> bool:
    """Whether a line with a secret has escapes, so that what was read of it stands nowhere in the text."""
    for spot in spots(text):
        line = text[text.rfind("\n", 0, spot.start) + 1 : (text.find("\n", spot.end) + 1) or len(text)]
        if "\\" in line or "''" in line:
            return True
    return False


def whole(kept: Cut, sources: Sequence[Source]) -> Part:
    """The part as it was, from the same texts."""
    text = _joined(sources)
    words: list[Any] = [
        "".join([one if isinstance(one, str) else text[one[0] : one[1]] for one in word]) for word in kept.words
    ]
    for number in kept.numbers:
        words[number] = int(words[number])
    found: Part = plain(kept.data, words.__getitem__)
    return found


class _NotKept(Exception):
    """Something may be a secret and is no place in the text."""


class _Cutter(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, sources: Sequence[Source]) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._text = _joined(sources)
        self._secret = words_of({one.name: one for one in sources})
        self._known: dict[str | int, int | None] = {}
        self.words: list[Word] = []
        self.numbers: set[int] = set()

    def persistent_id(self, one: Any) -> int | None:
        """Asked for every object: the number of a word of the text, None for what is kept as it is."""
        kind = type(one)
        if kind is str:
            if len(one) < LEAST:
                return None
        elif kind is int:
            if -(10 ** (LEAST - 1)) < one < 10 ** (LEAST - 1):
                return None
        elif isinstance(one, str | bytes | float) and not isinstance(one, Enum) and len(str(one)) >= LEAST:
            raise _NotKept
        else:
            return None
        if one not in self._known:
            self._known[one] = self._number(one)
        return self._known[one]

    def _number(self, one: str | int) -> int | None:
        word = self._word(str(one))
        if word is None:
            if isinstance(one, int):
                raise _NotKept
            return None
        if isinstance(one, int):
            self.numbers.add(len(self.words))
        self.words.append(word)
        return len(self.words) - 1

    def _word(self, said: str) -> Word | None:
        """Where it stands, each line by itself if it must be. None: nowhere, and it is no secret."""
        at = self._text.find(said)
        if at >= 0:
            return ((at, at + len(said)),)
        if "\n" not in said:
            self._clean(said)
            return None
        return tuple([piece for line in _LINES.findall(said) for piece in self._line(line)])

    def _line(self, said: str) -> Word:
        line = said.rstrip("\n")
        at = self._text.find(line) if len(line) >= LEAST else -1
        if at < 0:
            self._clean(said)
            return (said,)
        return ((at, at + len(line)), said[len(line) :])

    def _clean(self, said: str) -> None:
        if self._secret.starred(said) != said or shows_secret(said):
            raise _NotKept


def _joined(sources: Sequence[Source]) -> str:
    return "\0".join([one.text for one in sources])

"""Letters that stand for names and texts which may be any others.

A name that YAML takes for a part of a text wherever it stands may stand in a template and in values alike: a service's
own, its namespace, those of its neighbours. So may a description, but for expressions. Any other text may be a value
that is quoted wherever it is printed. A letter can be printed, stands nowhere else, and is nothing special to YAML, JSON
and templates; so what is read back with letters in it is what is read back with anything that they may stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.patterns import regex
from svc.targets.helm.functions import NO_VALUE
from svc.targets.helm.template import Node

LETTERS = regex("[\ua500-\ua5ff]")
_NAMES, _DESCRIPTION, _QUOTED, _END = 0xA500, 0xA53F, 0xA540, 0xA600
_QUOTED_LETTER, _IN_QUOTES = regex("[\ua540-\ua5ff]"), regex('"[\ua540-\ua5ff]"(?!:)')
_NAME = regex(r"(?=[a-z0-9-]*[ghjkmpqvw])[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
"""With a letter that is in no word and number of YAML 1.1 and 1.2, so that a text with the name in it is none either."""
_TEXT = regex(r"(?=.*[ghjkmpqvwGHJKMPQVW])[A-Za-z]([A-Za-z0-9 ./()_-]{0,198}[A-Za-z0-9.])?")
_ANY = regex(r"[ !#-;=-\[\]-~]{1,200}")
"""What stands between quotes as it is; `<` begins what Helm takes away."""
_LONGEST, _LINE = 200, 1000
"""Of what a letter stands for; and of a line, since YAML takes keys of up to 1,024 characters."""
_NEIGHBOUR = regex(r'"app\.kubernetes\.io/name": "([a-z0-9-]+)"')
_DESCRIBED = regex(r'"kubernetes\.io/description": "([^"\\]+)"')

Standing = tuple[tuple[str, str], ...]
"""Names and texts, and the letter that stands for each."""


def free(text: str) -> bool:
    """Whether no letter is taken."""
    return text.isascii() or LETTERS.search(text) is None


def names_in(data: str, own: Sequence[str]) -> Standing:
    """Letters for own names, and for what else may be any other in an object, which is JSON."""
    names = [name for name in own if _NAME.fullmatch(name)]
    names += sorted({name for name in _NEIGHBOUR.findall(data) if name not in own and _NAME.fullmatch(name)})
    made = [(name, chr(_NAMES + at)) for at, name in enumerate(names[: _DESCRIPTION - _NAMES])]
    texts = [text for text in _DESCRIBED.findall(data)[:1] if _TEXT.fullmatch(text)]
    return tuple(one for one in (*((text, chr(_DESCRIPTION)) for text in texts), *made) if one[0] not in NO_VALUE)


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


class Quoted:
    """Letters for texts that are quoted wherever they stand, if they are `wanted`; names have letters of their own."""

    def __init__(self, wanted: bool, names: Standing) -> None:
        self.letters: dict[str, str] = {}
        self.names = {name for name, _ in names}
        self.wanted, self.used = wanted, 0

    def of(self, value: Any) -> Any:
        """The letter for a text; the value itself where there is none."""
        if not self.wanted or type(value) is not str or value in self.names or not _ANY.fullmatch(value):
            return value
        if len(self.letters) == _END - _QUOTED:
            return value
        self.used += 1
        return self.letters.setdefault(value, chr(_QUOTED + len(self.letters)))

    def put(self, data: str) -> str:
        """JSON with letters for the texts."""
        for text, letter in self.letters.items():
            data = data.replace(f'"{text}"', f'"{letter}"')
        return data


def inert(nodes: Sequence[Node], text: str, wanted: str) -> bool:
    """Whether all letters stand where they may: in a template's nodes, in the text that it gives, in what is wanted of it."""
    lines = text.split("\n")
    if any([len(one) + (0 if one.isascii() else len(LETTERS.findall(one)) * _LONGEST) > _LINE for one in lines]):  # noqa: C419
        return False
    if any(chr(_DESCRIPTION) in one for one in _expressions(nodes)):
        return False
    return all(len(_QUOTED_LETTER.findall(one)) == len(_IN_QUOTES.findall(one)) for one in (text, wanted))


def _expressions(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if node.word:
            yield node.text
        yield from _expressions(node.body)
        yield from _expressions(node.otherwise)

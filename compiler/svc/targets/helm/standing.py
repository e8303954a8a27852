"""Letters that stand for names and texts which may be any others.

A name that YAML takes for a part of a text wherever it stands may stand in a template and in values alike: a service's
own, its namespace, those of its neighbours. So may a description, but for expressions. Any other text may be a value
that is quoted wherever it is printed. A letter can be printed, stands nowhere else, and is nothing special to YAML, JSON
and templates; so what is read back with letters in it is what is read back with anything that they may stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.letters import NAME, NAMES, Standing, lettered, short
from svc.patterns import regex
from svc.targets.helm.functions import NO_VALUE
from svc.targets.helm.template import Node

_DESCRIPTION, _QUOTED, _END = 0xA53F, 0xA540, 0xA600
_QUOTED_LETTER, _IN_QUOTES = regex("[\ua540-\ua5ff]"), regex('"[\ua540-\ua5ff]"(?!:)')
_TEXT = regex(r"(?=.*[ghjkmpqvwGHJKMPQVW])[A-Za-z]([A-Za-z0-9 ./()_-]{0,198}[A-Za-z0-9.])?")
_ANY = regex(r"[ !#-;=-\[\]-~]{1,200}")
"""What stands between quotes as it is; `<` begins what Helm takes away."""
_NEIGHBOUR = regex(r'"app\.kubernetes\.io/name": "([a-z0-9-]+)"')
_DESCRIBED = regex(r'"kubernetes\.io/description": "([^"\\]+)"')


def names_in(data: str, own: Sequence[str]) -> Standing:
    """Letters for own names, and for what else may be any other in an object, which is JSON."""
    names = [name for name in own if NAME.fullmatch(name)]
    names += sorted({name for name in _NEIGHBOUR.findall(data) if name not in own and NAME.fullmatch(name)})
    made = [(name, chr(NAMES + at)) for at, name in enumerate(names[: _DESCRIPTION - NAMES])]
    texts = [text for text in _DESCRIBED.findall(data)[:1] if _TEXT.fullmatch(text)]
    return tuple(one for one in (*((text, chr(_DESCRIPTION)) for text in texts), *made) if one[0] not in NO_VALUE)


class Quoted:
    """Letters for texts that are quoted wherever they stand, if they are `wanted`; names have letters of their own."""

    def __init__(self, wanted: bool, names: Standing) -> None:
        self.letters: dict[str, str] = {}
        self.standing, self.names = names, {name for name, _ in names}
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
        """JSON that has letters for names, with letters for the texts."""
        for text, letter in self.letters.items():
            data = data.replace(f'"{lettered(text, self.standing)}"', f'"{letter}"')
        return data


def inert(nodes: Sequence[Node], text: str, wanted: str) -> bool:
    """Whether all letters stand where they may: in a template's nodes, in the text that it gives, in what is wanted of it."""
    if not short(text):
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

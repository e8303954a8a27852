"""On what the text of a template depends: the values, facts of the release and helpers that it can ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

from svc.records import dataclass
from svc.targets.helm.expressions import tokens
from svc.targets.helm.sprig import TemplateError
from svc.targets.helm.template import Node, parse_template

_KEPT = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """Paths below the root (`Values.image.tag`), and helpers that are given the root; of each whether it is quoted wherever it stands.

    `applied`: helpers that are given something else, of which they make their text.
    """

    paths: tuple[tuple[tuple[str, ...], bool], ...]
    helpers: tuple[tuple[str, bool], ...]
    applied: tuple[str, ...] = ()


class _UnboundedError(Exception):
    """A template that may ask for anything."""


_Found = tuple[Literal["path", "helper", "applied"], Any]


@lru_cache(maxsize=_KEPT)
def asked(text: str) -> Asked | None:
    """Everything that any branch may ask for; None when that cannot be told from the text."""
    found: dict[_Found, bool] = {}
    try:
        for one, quoted in _of_nodes(parse_template(text), True):
            found[one] = quoted and found.get(one, True)
    except (_UnboundedError, TemplateError):
        return None
    return Asked(
        tuple((what, quoted) for (kind, what), quoted in found.items() if kind == "path"),
        tuple((what, quoted) for (kind, what), quoted in found.items() if kind == "helper"),
        tuple(what for kind, what in found if kind == "applied"),
    )


def _of_nodes(nodes: Sequence[Node], rooted: bool) -> Iterator[tuple[_Found, bool]]:
    """`rooted`: the dot is the root."""
    for node in nodes:
        if node.word in {"", "define"}:
            continue
        words = tokens(node.text)
        found = list(_of_expression(words, rooted))
        alone = len(found) == 1 and words[-2:] == ["|", "quote"] and len(words) in {3, 5}
        quoted = alone and node.word == "expr" and not node.names
        yield from ((one, quoted) for one in found)
        yield from _of_nodes(node.body, rooted and node.word == "if")
        yield from _of_nodes(node.otherwise, rooted)


def _of_expression(words: Sequence[str], rooted: bool) -> Iterator[_Found]:
    roots = {"$", "."} if rooted else {"$"}
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        if word == "include":
            name, dot = (*words[at : at + 2], "", "")[:2]
            if not name.startswith('"'):
                raise _UnboundedError
            whole = dot in roots
            at += 2 if whole else 1
            yield "helper" if whole else "applied", str(json.loads(name))
        elif word.startswith("$.") or (rooted and word.startswith(".")):
            path = tuple(part for part in word.removeprefix("$").split(".") if part)
            if not path:
                raise _UnboundedError
            yield "path", path
        elif word in roots:
            raise _UnboundedError


__all__ = ["Asked", "asked"]

"""The data of long YAML texts of ours by the keys at their left edge: parts that texts have in common are read once.

A part is a line that begins with such a key and those after it that are indented, comments or empty. It counts only if
it can be read by itself as a mapping of that key; then the whole is the mapping of all of them. Markers of documents,
lists and texts that go on at the edge are in no part.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from svc.letters import NAME, NAMES, free, lettered, short
from svc.patterns import regex
from svc.tree import encoded
from svc.yaml_plain import doubtful, loaded

_KEPT = 2048
_KEY = regex(r"^(?=[A-Za-z])", re.MULTILINE)
_EDGE = regex(r"\n[^ #\n]")


def mapping(text: str, known: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """What a text holds that is one mapping; parts of it are the same objects wherever they stand, and not to be changed.
    None for what is left to `svc.yaml_plain` and `svc.parse`. `known`, as of `doubtful`, of which there is nothing."""
    made: dict[str, Any] = {}
    head, *parts = _KEY.split(text)
    if any(line[:1] not in {"", "#"} for line in head.split("\n")):
        return None
    for part in parts:
        found = _part(part, known)
        if found is None or found[0] in made:
            return None
        made[found[0]] = found[1]
    return made


@lru_cache(maxsize=_KEPT)
def _part(text: str, known: tuple[str, ...]) -> tuple[str, Any] | None:
    if not text.endswith("\n") or _EDGE.search(text) or doubtful(text, known):
        return None
    found = loaded(text)
    if found is None or len(found) != 1 or not isinstance(found[0], dict) or len(found[0]) != 1:
        return None
    return next(iter(found[0].items()))


def gives(text: str, data: Any, name: str, known: tuple[str, ...] = ()) -> bool:
    """Whether a text certainly holds the data, and nothing doubtful but the `known` words. The `name` may stand in it
    wherever it likes: it is read as a letter, so that parts that differ by it are read once."""
    wanted = encoded(data)
    if not NAME.fullmatch(name) or not free(text) or not free(wanted):
        return False
    standing = ((name, chr(NAMES)),)
    text = lettered(text, standing)
    found = mapping(text, known) if short(text) else None
    return found is not None and encoded(found) == lettered(wanted, standing)

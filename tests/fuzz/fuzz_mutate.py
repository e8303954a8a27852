"""Inputs that are data, changed as data: a value becomes one of another type, a key another key, a part another part.

Bytes alone seldom make YAML that is read to the end; nearly all that is found wrong in readers has the right form and an
odd value in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

import fuzz_folders as folders
from svc.emit import emit
from svc.parse import parse
from svc.source import Source

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, float("inf"), float("nan"), "", " ", "a", "0", "-1", "1e9", "~", "\n"),
    *("${{ a }}", "${a}", "$", "{{ .Values.a }}", "a:b:c", "a/b@sha256:", "*", "[", "%", "é", "2026-01-01", "a" * 300),
    *([], {}, [None], [[]], [{}], {"": None}, {"a": None}, {"a": []}, ["a", 1, None], [{"name": "a"}] * 2),
)
"""Values that stand in many places where they do not belong."""
Mutate = Callable[[bytes, int], bytes]


def mutated(data: bytes, most: int, seed: int, by_bytes: Mutate) -> bytes:
    """An input changed by data, or by bytes where it holds none; no longer than `most`."""
    random = Random(seed)
    texts = folders.files(data, "")
    names = [name for name in texts if name.endswith((".yaml", ".yml", ".json")) or not name]
    if random.random() < 0.4 or not names:
        return by_bytes(data, most)
    name = random.choice(names)
    text = _changed(texts[name], random)
    if text is None:
        return by_bytes(data, most)
    made = text if list(texts) == [""] else texts.get("", b"") + folders.bundle({**_named(texts), name: text})
    return made if len(made) <= most else by_bytes(data, most)


def _named(texts: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: text for name, text in texts.items() if name}


def _changed(data: bytes, random: Random) -> bytes | None:
    parsed = parse(Source("a.yaml", data.decode("utf-8", "replace")))
    if parsed.problems or not any(isinstance(one.data, dict | list) for one in parsed.documents):
        return None
    whole = deepcopy([one.data for one in parsed.documents])
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        change(whole, random)
    try:
        return "---\n".join(emit(one).text for one in whole).encode()
    except (TypeError, ValueError, AttributeError):
        return None


def change(whole: list[Any], random: Random) -> None:
    """One change at a place that is chosen among all."""
    places = list(_places(whole))
    if not places:
        return
    holder, key = random.choice(places)
    other, where = random.choice(places)
    how = random.randrange(6)
    if how < 3:
        holder[key] = deepcopy(random.choice(ODD))
    elif how == 3:
        holder[key] = deepcopy(other[where])
    elif how == 4 and isinstance(holder, dict) and isinstance(where, str):
        holder[where] = holder.pop(key)
    else:
        del holder[key]


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])

"""Hostile text in every place of the language where text may stand: refused, or it arrives as exactly that text.

The places come from the model (the cases of `test_every_field`): each string and each key that a field's sample holds.
A place is first tried with harmless text. Then the same spec with hostile text must give the same outputs, as the
formats' own parsers read them, with the one text in the place of the other.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from model.arrival import Arrived, Outputs, arrived, outputs
from model.sites import ALL, TOKEN, Site, judge
from model.test_every_field import CASES, FILES, Spec

DERIVED = {
    "Need.host": "an address that cannot be a Service's name is one outside the cluster",
    "Build.main": "several words are a command line, one word stands behind the language's interpreter",
}
"""Fields whose text decides what else is there, so that nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text in a spec: a value, or a mapping's key when `key` is true."""

    name: str
    spec: Spec
    at: tuple[str | int, ...]
    key: bool


def _leaves() -> Iterator[Leaf]:
    seen: set[str] = set()
    for case in CASES:
        before, after = dict(_texts(case.before)), dict(_texts(case.after))
        for (at, key), text in after.items():
            if before.get((at, key)) == text or at[0] in ("apiVersion", "name"):
                continue
            name = f"{case.name.split('/')[0]}:{'.'.join(map(str, at))}{' (key)' if key else ''}"
            if name not in seen:
                seen.add(name)
                yield Leaf(name, case.after, at, key)


def _texts(node: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[tuple[str | int, ...], bool], str]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield ((*at, name), True), name
            yield from _texts(value, (*at, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, (*at, index))
    elif isinstance(node, str):
        yield (at, False), node


LEAVES = list(_leaves())
TRIED = LEAVES if ALL else list({(leaf.name.partition(":")[0], leaf.key): leaf for leaf in LEAVES[::-1]}.values())[::-1]
"""A value and a key of each field; SVC_HOSTILE=all tries every text that its sample holds."""


def spec_with(leaf: Leaf, text: str) -> str:
    """The spec with a text at a place, as JSON, which says any text in ASCII."""
    spec = copy.deepcopy(leaf.spec)
    node: Any = spec
    for part in leaf.at[:-1]:
        node = node[part]
    if leaf.key:
        items = [(text if name == leaf.at[-1] else name, value) for name, value in node.items()]
        node.clear()
        node.update(items)
    else:
        node[leaf.at[-1]] = text
    return json.dumps(spec)


def _made(leaf: Leaf, folder: Path, text: str) -> Outputs:
    """All outputs, but for compose where the text is a need's version: it runs the nearest that has a pinned image."""
    made = outputs(folder, spec_with(leaf, text))
    if leaf.at[:1] != ("needs",) or leaf.at[-1] != "version":
        return made
    return replace(made, files={path: one for path, one in made.files.items() if path != "compose.yaml"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("spec")
    for name, text in FILES.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text, "utf-8")
    return made


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("leaf", TRIED, ids=lambda leaf: leaf.name)
def test_hostile_text_is_refused_or_arrives_exactly(leaf: Leaf, folder: Path, tmp_path: Path) -> None:
    compared = leaf.name.partition(":")[0] not in DERIVED
    site = Site(leaf.name, lambda text: _made(leaf, folder, text), compared=compared)
    wrong = judge(site, tmp_path, LEAVES.index(leaf))
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("plain", "hostile"),
    [
        ({"a": TOKEN}, {"a": "x y"}),
        ({"a": TOKEN}, {"b": "x"}),
        ({TOKEN: "a"}, {"x": "b"}),
        ([TOKEN, "a"], ["x"]),
        ([TOKEN, "a"], ["x", "b"]),
        (f"echo '{TOKEN}'", "echo x; id"),
        ({"a": f"{TOKEN}:/b"}, {"a": "x:/c"}),
    ],
)
def test_what_does_not_arrive_is_seen(plain: object, hostile: object) -> None:
    assert arrived(plain, hostile, Arrived(TOKEN, "x"))


def test_every_field_with_text_is_tried() -> None:
    assert len(LEAVES) > 250
    assert {leaf.name.partition(":")[0] for leaf in TRIED} == {leaf.name.partition(":")[0] for leaf in LEAVES}
    assert all(re.match(r"\w+\.\w+:", leaf.name) for leaf in LEAVES)

"""Hostile texts at every place of a file to import, and of a source tree: the spec that is written reads back to exactly them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostile.hostile_texts import TEXTS, WORDS
from hostile.text_places import Place, places, put
from model.arrival import Arrived, arrived
from svc.importers.result import Imported
from svc.importers.run import FORMS, run
from svc.parse import parse, parse_one
from svc.source import Source

ALL = os.environ.get("SVC_HOSTILE") == "all"
TOKEN = "zqtokenz"
FOLDER = Path(__file__).parents[2] / "fixtures/import"
FILES = {"compose": "voting.yaml", "score": "workloads.yaml", "kubernetes": "guestbook.yaml"}
TOGETHER = "z".join(text for text in TEXTS.values() if len(text) < 1000)
OF_SERVICES = ("workload",)
"""Keys whose text names another service, from which its address is made."""


def _documents(form: str) -> list[Any]:
    return [one.data for one in parse(Source(form, (FOLDER / FILES[form]).read_text("utf-8"))).documents]


def _text(documents: list[Any], place: Place, text: str) -> str:
    return "---\n".join(json.dumps(one) + "\n" for one in put(documents, place, text))


def _specs(made: Imported) -> list[Any]:
    """As our own parser and one of YAML 1.1 read what is written, which has to be the same."""
    read = []
    for draft in made.drafts:
        text = draft.text("Imported.")
        parsed = parse_one(Source("service.yaml", text))
        assert not parsed.problems, (parsed.problems, text)
        loaded = yaml.safe_load(text)
        assert json.dumps(loaded) == json.dumps(parsed.documents[0].data)
        read.append(_unescaped(loaded))
    return read


def _unescaped(node: Any) -> Any:
    if isinstance(node, dict):
        return {_unescaped(key): _unescaped(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_unescaped(value) for value in node]
    return node.replace("$${", "${").replace("$$", "$") if isinstance(node, str) else node


def _listed(made: Imported, place: Place, text: str) -> bool:
    """Whether the account says that the place is not in the spec as it stood, or is in it as something else."""
    route = (*place[0][1:-1], text if place[1] else place[0][-1])
    fates = [one.note for one in made.entries if one.route[: len(route)] == route[: len(one.route)]]
    return any(one.fate != "mapped" or one.reason for one in fates)


def _tried(form: str) -> Iterator[tuple[Place, str]]:
    for number, place in enumerate(places(_documents(form))):
        if number % 3 and not ALL:
            continue
        words = WORDS if ALL else (WORDS[number % len(WORDS)],)
        texts = (TOGETHER, *(TEXTS.values() if ALL else ()), *words)
        # Score says a dollar in one way where it fills something in and in another where it does not.
        yield from ((place, text.replace("$", "") if form == "score" else text) for text in texts)


def test_every_form_is_tried() -> None:
    assert tuple(FILES) == FORMS


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_in_a_file_to_import(form: str) -> None:
    documents = _documents(form)
    arrives = 0
    for place, text in _tried(form):
        written = text if form == "kubernetes" else text.replace("$", "$$")
        made = run([Source("in.yaml", _text(documents, place, written))], form)
        if made.diagnostics:
            continue
        found = _specs(made)
        plain = run([Source("in.yaml", _text(documents, place, TOKEN))], form)
        expected = [] if plain.diagnostics else _specs(plain)
        if TOKEN not in json.dumps(expected):
            continue
        # Where dollars are written twice is the format's own: the places differ in that, and in nothing else.
        meant = dict.fromkeys((text, _unescaped(text), _unescaped(written)))
        differences = [arrived(expected, found, Arrived(TOKEN, one)) for one in meant]
        difference = "" if "" in differences else differences[0]
        arrives += not difference
        assert not difference or _listed(made, place, written) or _named(expected, place), (
            place,
            text[:40],
            difference,
        )
    assert arrives >= 3


def _named(expected: list[Any], place: Place) -> bool:
    """Whether a name of a service is made from the text, and from that other names."""
    return place[0][-1] in OF_SERVICES or any(
        one.get("name") == TOKEN or TOKEN in json.dumps(list(one.get("needs", ()))) for one in expected
    )

"""Every change of what a rendered text means is found by its target's `verify`; a table says how many.

A change that `verify` does not find is equivalent when an independent parser reads the same as before: PyYAML, BuildKit's,
HashiCorp's, and for templates what the real Helm renders. The suite takes some lines; `make mutation` takes every line.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from generated.mutants import mutants
from generated.parsers import parser_of
from generated.rendering import Rendering
from generated.specs import World, worlds
from generated.test_worlds import thorough, valid
from judges import real
from svc.pipeline import Compiled, Piece

PER_LINE = os.environ.get("SVC_MUTATIONS", "")
"""How many changes of each line: a number, or `all`. Without it a few lines of each service have one each."""
SAMPLE = {"docker": 6, "github": 6, "compose": 6, "terraform": 6, "helm": 12}
"""Lines of a service in the suite."""
GENERATED, WORLDS = "generated", 8
LEFT_OUT = ("README.md", ".env.example")
"""What people read."""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return real.compiled_fixtures()


@pytest.fixture(scope="module")
def worlds_made(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    """Of a few services that nobody wrote, always the same."""
    found: list[Piece] = []
    folder = tmp_path_factory.mktemp("worlds")

    @settings(thorough, max_examples=WORLDS if PER_LINE else 2, derandomize=True)
    @given(world=worlds())
    def every(world: World) -> None:
        made = valid(world, folder / "one")[1]
        found.extend(made.pieces if made.outputs else ())

    every()
    return found


@pytest.fixture(scope="module", autouse=True)
def _asked_once() -> Iterator[None]:
    """What does not hang on the text is worked out once a chart, and an unchanged text is parsed once."""
    from svc.targets.helm import meaning, probes, read, schema, verify
    from svc.targets.terraform import verify as terraform
    from svc.targets.terraform.read import read_blocks
    from svc.yaml_plain import loaded

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "loaded", cache(loaded))
        patch.setattr(verify, "_schemas", lambda *_: ())
        patch.setattr(verify, "values_schema", _by_identity(schema.values_schema))
        patch.setattr(verify, "probes", _by_identity(probes.probes))
        patch.setattr(meaning, "each", _by_identity(meaning.each))
        patch.setattr(terraform, "read_blocks", cache(read_blocks))
        yield


def _by_identity(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    known: dict[int, tuple[Any, Any]] = {}

    def asked(one: Any) -> Any:
        if id(one) not in known:
            known[id(one)] = (one, function(one))
        return known[id(one)][1]

    return asked


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("service", [*real.NAMES, GENERATED])
@pytest.mark.parametrize("target", list(SAMPLE))
def test_every_change_of_meaning_is_found(
    target: str,
    service: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    every = (
        request.getfixturevalue("worlds_made") if service == GENERATED else request.getfixturevalue("compiled").pieces
    )
    pieces = [one for one in every if one.name == target and service in (GENERATED, one.unit.directory)]
    score, missed = Counter[str](), list[str]()
    for piece in pieces:
        files = dict(piece.target.render(piece.artifact).files)
        assert not piece.target.verify(piece.artifact, files)
        survivors: list[tuple[str, str, str]] = []
        for path, operator, text in _drawn(target, files, random.Random(f"{target} {service}")):
            score["tried"] += 1
            if piece.target.verify(piece.artifact, {**files, path: text}):
                score["found"] += 1
            else:
                survivors.append((path, operator, text))
        found = _changed(target, piece, files, survivors, tmp_path / piece.unit.name)
        missed += [f"{path}: {operator}:\n{_difference(files[path], text)}" for path, operator, text in found]
        score["equivalent"] += len(survivors) - len(found)
    record_property("mutations", {"target": target, **score, "missed": len(missed)})
    assert not missed, f"{len(missed)} of {score['tried']}:\n" + "\n".join(missed[:40])


def _drawn(target: str, files: dict[str, str], dice: random.Random) -> Iterator[tuple[str, str, str]]:
    """(path, operator, changed text)."""
    places = [
        (path, at)
        for path in sorted(files)
        if not path.endswith(LEFT_OUT)
        for at in range(len(files[path].splitlines()))
    ]
    for path, at in places if PER_LINE else dice.sample(places, min(SAMPLE[target], len(places))):
        made = list(mutants(tuple(files[path].splitlines(keepends=True)), at))
        if PER_LINE != "all":
            made = dice.sample(made, min(int(PER_LINE or 1), len(made)))
        yield from ((path, operator, text) for operator, text in made)


def _changed(
    target: str, piece: Piece, files: dict[str, str], survivors: list[tuple[str, str, str]], folder: Path
) -> list[tuple[str, str, str]]:
    """Those that mean something else, as somebody else says."""
    folder.mkdir(exist_ok=True)
    found, templates = [], []
    before: dict[str, Any] = {}
    for path, operator, text in survivors:
        meaning = parser_of(target, path)
        if meaning is None:
            templates.append((path, operator, text))
            continue
        if path not in before:
            before[path] = meaning(files[path], folder)
        if meaning(text, folder) != before[path]:
            found.append((path, operator, text))
    return found + (Rendering(piece, files, folder / "chart").changed(templates) if templates else [])


def _difference(before: str, after: str) -> str:
    import difflib

    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return "\n".join(list(lines)[2:12])

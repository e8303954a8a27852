"""The fuzzer's targets over its seeds and over the kept corpus; `make fuzz` looks for more."""

from __future__ import annotations

from pathlib import Path

import pytest

import fuzz_seeds as seeds
import fuzzed

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(fuzzed.TARGETS))
def test_seeds_never_make_svc_fail(name: str) -> None:
    inputs = [*seeds.of(name), *(file.read_bytes() for file in seeds.kept(name))]
    assert len(inputs) >= 2, "the fuzzer has nothing to start from"
    for data in seeds.of(name):
        fuzzed.TARGETS[name](data)


@pytest.mark.parametrize("name", sorted(fuzzed.TARGETS))
def test_what_was_found_once_does_not_come_back(name: str) -> None:
    """What made svc fail has a name in words; the others reach code that no other file of the repository does."""
    files = list(seeds.kept(name))
    assert files, f"nothing is kept for {name}: make fuzz-keep FUZZ_TARGETS={name}"
    for file in files:
        fuzzed.TARGETS[name](file.read_bytes())


def test_the_kept_corpus_is_small_and_all_of_it_is_tried() -> None:
    folders = [one for one in sorted(seeds.CORPUS.iterdir()) if any(one.iterdir())]
    assert [one.name for one in folders] == sorted(fuzzed.TARGETS)
    for folder in folders:
        sizes = [file.stat().st_size for file in folder.iterdir()]
        assert len(sizes) <= seeds.FILES + seeds.FOUND, folder.name
        assert sum(sizes) <= seeds.BYTES + seeds.FOUND * seeds.LIMIT, folder.name


def test_make_runs_every_target() -> None:
    text = (ROOT / "tools/fuzz.mk").read_text("utf-8").replace("\\\n", " ")
    (line,) = [one for one in text.split("\n") if one.startswith("FUZZ_TARGETS ?= ")]
    assert line.removeprefix("FUZZ_TARGETS ?= ").split() == sorted(fuzzed.TARGETS)

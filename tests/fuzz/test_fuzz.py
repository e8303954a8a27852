"""The fuzzer's targets over its seeds and over everything that it ever found; `make fuzz` looks for more."""

from __future__ import annotations

from pathlib import Path

import pytest

import fuzz_seeds as seeds
import fuzzed

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("name", sorted(fuzzed.TARGETS))
def test_seeds_never_make_svc_fail(name: str) -> None:
    inputs = list(seeds.of(name))
    for data in inputs:
        fuzzed.TARGETS[name](data)
    assert len(inputs) >= 2, "the fuzzer has nothing to start from"


@pytest.mark.parametrize("name", sorted(fuzzed.TARGETS))
def test_what_was_found_once_does_not_come_back(name: str) -> None:
    for file in sorted((CORPUS / name).glob("*")):
        fuzzed.TARGETS[name](file.read_bytes())

"""Plain data: when two are the same, and what is remembered of the things themselves."""

from __future__ import annotations

import math
from typing import Any

import pytest

from svc.by_identity import ByIdentity
from svc.tree import same


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (True, 1, False),
        (1.0, 1, False),
        (-0.0, 0.0, False),
        (math.nan, math.nan, True),
        ("1", 1, False),
        (None, False, False),
        ((1, 2), [1, 2], True),
        ([1, 2], [1, 2, 3], False),
        ({"a": [1, {"b": True}]}, {"a": [1, {"b": True}]}, True),
        ({"a": [1, {"b": True}]}, {"a": [1, {"b": 1}]}, False),
        ({"a": None}, {"b": None}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)
def test_same(one: Any, other: Any, wanted: bool) -> None:
    assert same(one, other) is wanted
    assert same([one], [other]) is wanted


def test_what_was_made_of_a_thing_is_kept_for_it_alone_and_not_for_ever() -> None:
    kept: ByIdentity[list[int], list[int]] = ByIdentity(2)
    one, other = [1], [1]
    first = kept.get(one, list)
    assert kept.get(one, list) is first
    assert kept.get(other, list) is not first
    for _ in range(10):
        kept.get([1], list)
        assert len(kept._kept) <= 2
    assert kept.get(one, list) is not first

"""Plain data: when two are the same, and what is remembered of the things themselves."""

from __future__ import annotations

import math
from typing import Any

import pytest

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

"""Texts read by the keys at their left edge hold what they hold as a whole, or are left to others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.emit import emit
from svc.letters import LETTERS
from svc.yaml_parts import gives, mapping
from svc.yaml_plain import doubtful, loaded

LINES = st.lists(
    st.sampled_from(
        [
            *(
                "a: 1",
                "b:",
                "  c: x",
                "  - y",
                "- z",
                "d: |",
                "d: |+",
                "  text",
                "",
                "# remark",
                "  # remark",
                "---",
                "...",
                "e: >-",
            ),
            *(
                'f: "x',
                'y"',
                "g: 'x",
                "  z'",
                "h: {i: 1,",
                "j: 2}",
                "k: &l 1",
                "m: *l",
                "? n",
                ": o",
                '"p": 1',
                "a: 2",
                "%YAML 1.2",
            ),
            *(
                "q: [",
                "]",
                "r",
                "  s: 1",
                "on: x",
                "t: no",
                "u: 010",
                "\t",
                "v: \t1",
                "w:x",
                "<<: 1",
                "x: !!str 1",
                "\ufeffy: 1",
            ),
        ]
    ),
    max_size=8,
)
DATA = st.dictionaries(
    st.sampled_from(["name", "build", "ports", "data"]),
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 9) | st.text("ab shop-\n:#'\"", max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "shop", "b-shop"]), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@given(LINES, st.booleans())
def test_parts_hold_what_the_whole_holds(lines: list[str], ended: bool) -> None:
    text = "\n".join(lines) + "\n" * ended
    found = mapping(text)
    if found is not None:
        assert not doubtful(text)
        assert loaded(text) == ([found] if found else [])


@given(DATA)
def test_our_own_texts_are_read_in_parts(data: dict[str, Any]) -> None:
    text = emit(data, header="Of shop.").text
    if data and not doubtful(text):
        assert mapping(text) == loaded(text)[0]  # type: ignore[index]
        assert gives(text, data, "shop")


@pytest.mark.parametrize("data", [{"a": 1.0}, {"a": True}, {"a": "1"}, {"a": 1, "b": 2}, {}, {"b": 1}])
def test_what_a_text_does_not_hold_it_does_not_give(data: dict[str, Any]) -> None:
    assert gives("a: 1\n", {"a": 1}, "shop")
    assert not gives("a: 1\n", data, "shop")


def test_a_name_is_read_as_any_other_and_nothing_else_is() -> None:
    text = "name: {0}\non:\n  paths: [services/{0}/**]\njobs:\n  {0}:\n    - run: |\n        cd {0}\n"

    def data(name: str) -> dict[str, Any]:
        job = {name: [{"run": f"cd {name}\n"}]}
        return {"name": name, "on": {"paths": [f"services/{name}/**"]}, "jobs": job}

    for name in ("shop", "web-1"):
        assert gives(text.replace("{0}", name), data(name), name, ("on",))
        assert not gives(text.replace("{0}", name), data("other"), name, ("on",))
    assert not gives(text.replace("{0}", "shop"), data("shop"), "shop")  # `on` is no text in YAML 1.1


@pytest.mark.parametrize("name", ["no", "e1", "Shop", "1e3", "a", "-shop"])
def test_a_name_that_yaml_may_take_for_something_else_proves_nothing(name: str) -> None:
    assert not gives(f"a: {name}\n", {"a": name}, name)


def test_letters_that_stand_there_prove_nothing() -> None:
    letter = chr(0xA500)
    assert LETTERS.search(letter)
    assert not gives(f"a: {letter}\n", {"a": "shop"}, "shop")
    assert not gives("a: shop\n", {"a": letter}, "shop")


def test_a_key_that_would_be_too_long_with_another_name_proves_nothing() -> None:
    key = "x" * 850 + "-shop"
    assert not gives(f"{key}: 1\n", {key: 1}, "shop")

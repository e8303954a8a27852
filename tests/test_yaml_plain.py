"""The quick reader of simple YAML gives what `parse` gives, or leaves the text to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.emit import emit
from svc.parse import _ILLEGAL, parse
from svc.source import Source
from svc.yaml_nodes import printable
from svc.yaml_plain import _ODD, doubtful, loaded

ROOT = Path(__file__).parents[1]
WORDS = (
    "yes",
    "N",
    "NO",
    "on",
    "Off",
    "y",
    "12:30",
    "0x10",
    "017",
    "0b1",
    "1_000",
    "2024-01-01",
    "=",
    "~",
    "1e3",
    ".5",
)
"""What readers of YAML 1.1, or some of them, take for something else than text."""
TEXTS = st.text(max_size=8) | st.sampled_from(WORDS)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
PIECES = [
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    ": ",
    "1.10",
    "on",
    "~",
    "'x'",
    '"y"',
    "{",
    "}",
    "[",
    "]",
    ",",
    "#c",
    "---\n",
    "|\n",
    ">-\n",
]
ODD = ["&a ", "*a", "!t ", "!!str ", "<<: ", "? ", "\r\n", "\x85", "\t", "\ufeff", "...\n", "%YAML 1.1\n"]


def same_as_parse(text: str) -> None:
    found = loaded(text)
    parsed = parse(Source("a.yaml", text))
    if found is not None:
        assert not parsed.problems
        assert repr(found) == repr([one.data for one in parsed.documents])  # True is not 1 here


@given(DATA)
def test_data_that_we_write(data: Any) -> None:
    same_as_parse(emit(data).text)


@given(st.lists(st.sampled_from(PIECES + ODD), max_size=14).map("".join))
def test_any_text(text: str) -> None:
    same_as_parse(text)


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures").rglob("*.y*ml")), ids=lambda one: one.name)
def test_fixtures(path: Path) -> None:
    same_as_parse(path.read_bytes().decode("utf-8", errors="replace"))


@pytest.mark.parametrize(
    "text", ["a: &x 1", "*a", "a: !!str 1", "<<: {a: 1}", "a: 1\na: 2", "? [a]\n: 1", "a: [", "a: 1\r\n", "a: \x85b"]
)
def test_what_is_left_to_parse(text: str) -> None:
    assert loaded(text) is None


def test_what_is_read() -> None:
    assert loaded("a: [1, '2', on]\nb:\n  - c: ~\n---\n---\nx\n") == [{"a": [1, "2", "on"], "b": [{"c": None}]}, "x"]
    assert loaded("") == []
    assert loaded("a:\n" * 3 + "# c") is None
    assert loaded("[" * 60 + "]" * 60) is None


def test_what_is_printable_is_allowed_in_yaml() -> None:
    """The quick yes before the patterns says yes to nothing that they refuse."""
    wrong = [code for code in range(0x110000) if printable(chr(code)) and _ILLEGAL.search(chr(code))]
    assert wrong == []
    wrong = [code for code in range(0x110000) if printable(chr(code)) and _ODD.search(chr(code))]
    assert wrong == [ord("\r")]  # `loaded` leaves it to `parse`
    assert not printable("a\x00b")
    assert printable("a: ä\r\n\tb\n")


@given(DATA)
def test_what_is_emitted_is_read_alike_by_everybody(data: Any) -> None:
    assert doubtful(emit({"a": data}).text) == ""


@pytest.mark.parametrize("word", ["yes", "N", "on", "12:30", "0x10", "017", "0b1", "1_000", "2024-01-01", "="])
def test_a_word_that_yaml_1_1_takes_for_another_is_found(word: str) -> None:
    for text in (f"a: {word}\n", f"- {word}\n", f"{word}: a\n", f"- a: {word}  # why\n"):
        assert doubtful(text) == word
    for text in (f'a: "{word}"\n', f"a: |\n  {word}\n  - {word}\n", f"a: b {word}\n", f"# {word}\n"):
        assert doubtful(text) == ""
    assert doubtful(f"{word}: a\n", (word,)) == ""

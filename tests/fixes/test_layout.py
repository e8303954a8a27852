"""The layout of specs: the data and every comment stay, a second run changes nothing."""

from __future__ import annotations

import os
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc.cli.exits import Exit
from svc.cli.fmt import _Order
from svc.cli.main import main
from svc.edit.cst import written
from svc.edit.layout import laid_out
from svc.edit.types import RefusedError
from svc.emit import emit
from svc.parse import parse
from svc.source import Source

NIGHTLY = "SVC_EXAMPLES" in os.environ
SEEDS = 5 if NIGHTLY else 1
"""Ways to put remarks into each fixture."""
ROOT = Path(__file__).parents[2]
SPECS = [
    file
    for file in sorted((ROOT / "fixtures").rglob("*.yaml"))
    if "apiVersion: svc/" in (text := file.read_text("utf-8")) and not parse(Source("x", text)).problems
]
UNTIDY = """\
# what this is

name:   web   # ours


ports:   # two
    http:
        port: 80
        # debug: 81
    metrics: 9102
# the app's own
env:
    B: "1"
    A: '2'
apiVersion: svc/v1
args:
- "a: b"   # first
-   c
image: a/b:1
"""
TIDY = """\
# what this is

apiVersion: svc/v1
name: web  # ours
image: a/b:1
args:
  - "a: b"  # first
  - c

ports:  # two
  http:
    port: 80
    # debug: 81
  metrics: 9102
# the app's own
env:
  B: "1"
  A: '2'
"""


def order() -> _Order:
    return _Order("service")


@cache
def printed(text: str) -> str | None:
    """A text in its layout; None when it has none."""
    try:
        return laid_out(Source("service.yaml", text), order())
    except RefusedError:
        return None


def test_keys_in_the_languages_order_comments_beside_what_they_speak_of() -> None:
    assert laid_out(Source("x", UNTIDY), order()) == TIDY


def commented(text: str, seed: int) -> str:
    """Comments and blank lines where YAML surely allows them: between lines, outside of text blocks."""
    dice = random.Random(seed)
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if dice.random() < 0.3:
            lines += [" " * dice.randrange(5) + f"# remark {number}"] if dice.random() < 0.7 else [""]
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.relative_to(ROOT / "fixtures").as_posix())
def test_nothing_is_lost_and_a_second_run_changes_nothing(file: Path) -> None:
    text = file.read_text("utf-8")
    tried = 0
    remarked = [commented(text, len(text) + number) for number in range(SEEDS)]
    for candidate in (text, *remarked, text.replace("\n", "\r\n")):
        source = Source("service.yaml", candidate)
        if parse(source).problems:
            continue
        tried += 1
        new = printed(candidate)
        if new is None:
            continue
        result = Source("service.yaml", new)
        assert [one.data for one in parse(result).documents] == [one.data for one in parse(source).documents]
        assert written(new).comments() == written(candidate).comments()
        assert laid_out(result, order()) == new
    assert tried >= 2


def test_most_fixtures_can_be_laid_out() -> None:
    assert sum(printed(file.read_text("utf-8")) is not None for file in SPECS) > 0.95 * len(SPECS)


WORDS = st.text("ab1:#-{}[]'\"\\ \n", max_size=12) | st.sampled_from(["no", "1.10", "12:30", "~", "@a", "a: b # c"])
NAMES = st.from_regex(r"[A-Z][A-Z_]{0,5}", fullmatch=True)
LABELS = st.from_regex(r"[a-z][a-z-]{0,5}", fullmatch=True)
SCALARS = WORDS | st.integers(0, 70000) | st.booleans()
PORT = st.integers(1, 65535) | st.fixed_dictionaries({"protocol": st.just("http"), "port": st.integers(1, 9)})
ENV = st.dictionaries(NAMES, SCALARS | st.fixed_dictionaries({"key": WORDS, "secret": LABELS}), min_size=1)
PARTS = {
    "name": LABELS,
    "image": WORDS,
    "args": st.lists(SCALARS, max_size=3),
    "env": ENV,
    "ports": st.dictionaries(LABELS, PORT, max_size=3),
    "scale": st.fixed_dictionaries({"max": st.integers(2, 9), "min": st.integers(1, 2)}),
    "access": st.fixed_dictionaries({"to": st.lists(st.fixed_dictionaries({"ports": st.just([1]), "cidr": WORDS}))}),
    "sidecars": st.dictionaries(LABELS, st.fixed_dictionaries({"env": ENV, "image": WORDS}), max_size=2),
    "environments": st.dictionaries(LABELS, st.fixed_dictionaries({"env": ENV, "name": LABELS}), max_size=2),
    "unknown": st.recursive(
        SCALARS, lambda below: st.lists(below, max_size=2) | st.dictionaries(LABELS, below), max_leaves=4
    ),
}


@st.composite
def specs(draw: st.DrawFn) -> str:
    """Specs with their keys in any order, remarks between and beside the lines, breaks of either kind."""
    names = draw(st.permutations(sorted(PARTS)))[: draw(st.integers(1, len(PARTS)))]
    data = {name: draw(PARTS[name]) for name in names}
    data["apiVersion"] = "svc/v1"
    text = "".join(emit({name: data[name]}).text for name in draw(st.permutations(list(data))))
    seed = draw(st.integers(0, 1000))
    remarked = commented(text, seed) if seed % 4 else text
    return remarked.replace("\n", "\r\n") if seed % 7 == 0 else remarked


def orders(data: object) -> list[list[str]]:
    """The keys of every `env`, in their order."""
    if isinstance(data, list):
        return [found for item in data for found in orders(item)]
    if not isinstance(data, dict):
        return []
    own = [list(data["env"])] if isinstance(data.get("env"), dict) else []
    return own + [found for name in sorted(data) if name != "env" for found in orders(data[name])]


@settings(max_examples=300 if NIGHTLY else 60, deadline=None)
@given(specs())
def test_generated_specs_keep_what_they_say_and_the_order_of_env(text: str) -> None:
    source = Source("service.yaml", text)
    if parse(source).problems:  # a remark within a text block is part of it, and may end it
        return
    try:
        new = laid_out(source, order())
    except RefusedError:
        return
    old, result = parse(source).documents[0].data, parse(Source("service.yaml", new)).documents[0].data
    assert result == old
    assert orders(result) == orders(old)
    assert written(new).comments() == written(text).comments()
    assert laid_out(Source("service.yaml", new), order()) == new
    known = [name for name in result if name in PARTS and name != "unknown"]
    assert known == [name for name in order()((), list(result)) if name in known]


@pytest.mark.parametrize("text", ["apiVersion: svc/v1\n? name\n", "? a\n? b\n", "a:\n  ? b\n"])
def test_a_key_without_a_value_at_the_end_is_left_as_it_is(text: str) -> None:
    with pytest.raises(RefusedError, match="no value"):
        laid_out(Source("service.yaml", text), _Order("service"))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "service.yaml"
    file.write_text(UNTIDY)
    assert main(["fmt", "--check", str(tmp_path)]) == Exit.FINDINGS
    assert main(["fmt", "--diff", str(file)]) == Exit.FINDINGS
    assert "+name: web  # ours" in capsys.readouterr().out
    assert file.read_text() == UNTIDY
    assert main(["fmt", str(file)]) == Exit.CLEAN
    assert file.read_text() == TIDY
    assert main(["fmt", "--check", str(file)]) == Exit.CLEAN
    file.write_text("apiVersion: svc/v1\nname: [\n")
    assert main(["fmt", str(file)]) == Exit.INVALID
    assert file.read_text() == "apiVersion: svc/v1\nname: [\n"
    other = tmp_path / "other.yaml"
    other.write_text("a:   1\n")
    assert main(["fmt", str(other)]) == Exit.INVALID
    assert other.read_text() == "a:   1\n"

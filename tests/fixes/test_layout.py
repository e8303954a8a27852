"""The layout of specs: the data and every comment stay, a second run changes nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.cli.fmt import _Order
from svc.cli.main import main
from svc.edit.cst import written
from svc.edit.layout import laid_out
from svc.edit.types import RefusedError
from svc.parse import parse
from svc.source import Source

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
    for candidate in (text, *(commented(text, seed) for seed in range(3)), text.replace("\n", "\r\n")):
        source = Source("service.yaml", candidate)
        if parse(source).problems:
            continue
        tried += 1
        try:
            new = laid_out(source, order())
        except RefusedError:
            continue
        result = Source("service.yaml", new)
        assert [one.data for one in parse(result).documents] == [one.data for one in parse(source).documents]
        assert written(new).comments() == written(candidate).comments()
        assert laid_out(result, order()) == new
    assert tried >= 2


def test_most_fixtures_can_be_laid_out() -> None:
    def fits(file: Path) -> bool:
        try:
            laid_out(Source("x", file.read_text("utf-8")), order())
        except RefusedError:
            return False
        return True

    assert sum(map(fits, SPECS)) > 0.95 * len(SPECS)


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

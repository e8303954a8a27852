"""Answers of programs that are kept: they change no report, and only a program that has answered has an answer."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svc import tools
from svc.asking import Answers, ask, version_of
from svc.tools import Completed

SCRIPT = """\
#!/bin/sh
echo run >> "{log}"
case "$1" in
  --version) echo "version 1.2.3"; exit 0;;
  crash) kill -9 $$;;
  hang) sleep 60;;
  flood) yes | head -c 1000000;;
  odd) echo "odd"; exit 77;;
esac
echo "here: $PWD" >&2
cat -- *.txt 2>/dev/null
grep -q bad -- *.txt 2>/dev/null && exit 1
exit 0
"""


def _ask(*arguments: Any, **more: Any) -> Completed:
    return ask(*arguments, read=lambda done: done, **more)


class Program:
    """A program that notes each of its runs, and a memory for its answers."""

    def __init__(self, folder: Path) -> None:
        self.log, self.path = folder / "log", folder / "judge"
        self.kept: dict[str, Any] = {}
        self.write(SCRIPT.format(log=self.log))

    def write(self, text: str) -> None:
        self.path.write_text(text)
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    @property
    def runs(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def located(
        self, *, remembers: bool = True, secret: Callable[[str, Sequence[str]], bool] = lambda _said, _asked: False
    ) -> tools.Located:
        answers = Answers(self.kept.get, self.kept.__setitem__, "salt", secret) if remembers else None
        tool = tools.Tool("hadolint", "1.2.3", "")
        return tools.Located(tool, self.path, {"PATH": os.environ["PATH"]}, None, answers)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def _place(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


def test_the_same_question_is_asked_once(program: Program, tmp_path: Path) -> None:
    first = _ask(program.located(), ["x"], place=_place(tmp_path / "one", {"a.txt": "text\n"}))
    again = _ask(program.located(), ["x"], place=_place(tmp_path / "two", {"a.txt": "text\n"}))
    assert program.runs == 1
    assert first.stdout == again.stdout == "text\n"
    assert again.stderr == first.stderr.replace("/one", "/two"), "the folder is named as it is called now"


@pytest.mark.parametrize("change", ["text", "name", "argument", "environment", "also", "program", "more"])
def test_another_question_is_asked_anew(program: Program, tmp_path: Path, change: str) -> None:
    place = _place(tmp_path / "place", {"a.txt": "text\n"})
    _ask(program.located(), ["x"], place=place)
    if change == "text":
        (place / "a.txt").write_text("other\n")
    elif change == "name":
        (place / "a.txt").rename(place / "b.txt")
    elif change == "more":
        (place / "c.txt").write_text("")
    elif change == "program":
        program.write(program.path.read_text() + "\n")
    env = {"A": "b"} if change == "environment" else None
    args = ["y"] if change == "argument" else ["x"]
    _ask(program.located(), args, place=place, env=env, also="b" if change == "also" else "")
    assert program.runs == 2


@pytest.mark.parametrize("how", ["crash", "hang", "flood", "odd", "unread"])
def test_what_is_no_answer_is_not_kept(
    program: Program, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "flood":
        monkeypatch.setattr("svc.tools.run.__kwdefaults__", {**(tools.run.__kwdefaults__ or {}), "output_limit": 1000})
    place = _place(tmp_path / "place", {})
    for count in (1, 2):
        with pytest.raises((tools.ToolCrashed, tools.ToolTimeout)):
            ask(
                program.located(),
                [how],
                read=lambda done: int("x") if how == "unread" else done,
                place=place,
                timeout=1.0 if how == "hang" else 60.0,
            )
        assert program.runs == count
    assert program.kept == {}


def test_an_answer_with_a_secret_is_not_kept(program: Program, tmp_path: Path) -> None:
    place = _place(tmp_path / "place", {"a.txt": "hush\n"})
    located = program.located(secret=lambda said, asked: "hush" in said and list(asked) == ["hush\n"])
    assert _ask(located, ["x"], place=place).stdout == _ask(located, ["x"], place=place).stdout
    assert (program.runs, program.kept) == (2, {})


def test_what_is_kept_and_is_no_answer_is_not_believed(program: Program, tmp_path: Path) -> None:
    place = _place(tmp_path / "place", {"a.txt": "text\n"})
    _ask(program.located(), ["x"], place=place)
    for wrong in ("text", (77, "", ""), (0, 1, 2), (0, ""), None):
        program.kept.update(dict.fromkeys(program.kept, wrong))
        assert _ask(program.located(), ["x"], place=place).stdout == "text\n"


def test_a_version_is_asked_once(program: Program) -> None:
    assert [version_of(program.located()) for _ in range(3)] == ["1.2.3"] * 3
    assert program.runs == 1
    assert version_of(program.located(remembers=False)) == "1.2.3"
    assert program.runs == 2


TEXTS = st.dictionaries(st.sampled_from(["a.txt", "b.txt"]), st.sampled_from(["", "good\n", "bad\n"]), max_size=2)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["x", "y", "odd"])), max_size=4))
def test_with_and_without_answers_the_same_is_said(
    program: Program, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, str], str]]
) -> None:
    for texts, argument in steps:
        place = _place(tmp_path_factory.mktemp("place"), texts)
        told = []
        for remembers in (True, True, False):
            try:
                done = _ask(program.located(remembers=remembers), [argument], (0, 1), place=place)
                told.append((done.returncode, done.stdout, done.stderr, done.args))
            except tools.ToolCrashed as error:
                told.append((-1, str(error), "", ()))
        assert told[0] == told[1] == told[2]

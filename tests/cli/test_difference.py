"""A difference is what git makes of it: names and texts of every kind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hostile.hostile_texts import TEXTS
from svc.cli.difference import difference, presentable

NAMES = ("plain.yaml", "a b", "a\nb", 'a"b\\c', "a\tb\r\x07\x1b", "\u202eä", "-a", os.fsdecode(b"a\xffb"))


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")
def test_git_makes_the_new_text_of_the_old_one(tmp_path: Path) -> None:
    texts = [text for text in TEXTS.values() if len(text) < 1000]
    patch = ""
    after = {}
    for number, name in enumerate(NAMES):
        before = "first\n" + "\n".join(texts)
        after[name] = ("\n".join(reversed(texts)) + "\n" * (number % 2)).replace("\0", "")
        (tmp_path / name).write_text(before.replace("\0", ""), "utf-8", newline="")
        patch += difference(name, before.replace("\0", ""), after[name])
    made = patch.encode("utf-8", "surrogateescape")
    done = subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=made, capture_output=True)
    assert done.returncode == 0, done.stderr
    for name, text in after.items():
        assert (tmp_path / name).read_bytes() == text.encode()


def test_texts_that_agree_differ_in_nothing() -> None:
    assert difference("a", "b\n", "b\n") == ""


def test_what_stood_there_is_shown_and_not_obeyed() -> None:
    """The difference of a usual text stays what git takes, also with line breaks of Windows."""
    usual = difference("a", "b\tc\nd\r\n", "e\n")
    assert presentable(usual) == usual
    shown = presentable(difference("a", "b\0\x1b[2J\n--- c\x07\n", "e\x1b\n"))
    assert shown.splitlines()[3:] == ["-b\\x00\\x1b[2J", "---- c\\x07", "+e\x1b"]


def test_a_very_long_line_that_goes_is_cut() -> None:
    shown = presentable(difference("a", "b" * 1_000_000, "c\n"))
    assert len(shown) < 20_000
    assert "... (1000000 characters)\n\\ No newline at end of file\n+c\n" in shown

"""Every program that svc calls, misbehaving in every way, under each verb that calls it: a few here, all in the night."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path

import pytest

from hostile.bounded import REPO
from hostile.misbehaving import BEHAVIOURS, CALLS, NEVER_CALLED, left_alive, program, put
from svc import tools
from svc.cli.main import main

NIGHTLY = "SVC_EXAMPLES" in os.environ
PAIRS = [(call, behaviour) for call in CALLS for behaviour in BEHAVIOURS]
SHOWN = 20_000
"""Characters, at most, of everything that is said of a program that failed."""


def _sampled(number: int, call: str, behaviour: str) -> bool:
    return number % 7 == 0 and not (BEHAVIOURS[behaviour].slow and CALLS[call].real)


CHOSEN = [pair for number, pair in enumerate(PAIRS) if NIGHTLY or _sampled(number, *pair)]


def _code() -> dict[str, str]:
    root = REPO / "compiler/svc"
    return {str(one.relative_to(root)): one.read_text() for one in root.rglob("*.py") if one != root / "tools.py"}


def test_no_program_is_left_out() -> None:
    """Programs are named in text that stands in the code: each known name there is called by one of the verbs above."""
    text = "\n".join(_code().values())
    assert set(tools.TOOLS) - NEVER_CALLED == {one.program for one in CALLS.values()}
    assert {name for name in tools.TOOLS if f'"{name}"' not in text} == NEVER_CALLED


def test_there_is_one_door() -> None:
    starts = re.compile(
        r"^\s*(import|from) +(subprocess|pty|multiprocessing|asyncio)\b|\bos\.(exec|spawn|posix_spawn|system|popen)",
        re.M,
    )
    assert [name for name, text in _code().items() if starts.search(text)] == ["child.py"]


@pytest.mark.parametrize(("call", "behaviour"), CHOSEN, ids=lambda one: one)
def test_what_is_no_answer_is_exit_code_3(
    call: str, behaviour: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked, does = CALLS[call], BEHAVIOURS[behaviour]
    root, beside, temporary = tmp_path / "root", tmp_path / "beside", tmp_path / "temporary"
    temporary.mkdir()
    put(root, asked.files)
    put(
        root,
        {"out/Dockerfile": "by hand\n", "out/chart/values.yaml": "by: hand\n"} if "--out" in asked.arguments else {},
    )
    if asked.program != "git":
        (root / ".git").mkdir()
    for name in tools.TOOLS:
        if name not in asked.real:
            monkeypatch.setenv(tools.setting_variable(name), "/nonexistent")
    for name, path in program(beside, asked.program, does).items():
        monkeypatch.setenv(name, path)
    for name in asked.real:
        if not tools.available([name], tools.toolbox(os.environ)):
            pytest.skip(f"{name} is not there")
    monkeypatch.setenv("SVC_TOOL_TIMEOUT", ("8" if asked.real else "1.5") if does.slow else "60")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(root)
    before = _tree(root)

    code = main(asked.arguments)
    said = "".join(capfd.readouterr())

    assert (beside / "called").exists(), said
    if behaviour in asked.clean:
        assert code in (0, 2), said  # there are files in the way that were not written by svc
        return
    assert code == 3, said
    assert does.words in said, said
    assert len(said) < SHOWN
    assert not [word for word in ("Traceback", "internal error", "verified by") if word in said], said
    assert _tree(root) == before
    assert list(temporary.iterdir()) == []
    assert _none_left(beside), left_alive(beside)


def _none_left(beside: Path) -> bool:
    """Whoever was killed is gone in a moment."""
    end = time.monotonic() + 5
    while left_alive(beside) and time.monotonic() < end:
        time.sleep(0.02)
    return not left_alive(beside)


def _tree(root: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(root.rglob("*")) if one.is_file()}

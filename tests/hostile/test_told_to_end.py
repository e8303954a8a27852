"""svc is told to end while programs run: they end first, no temporary file stays, and the caller sees why it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from disk import put
from hostile.bounded import REPO
from hostile.misbehaving import BEHAVIOURS, CALLS, left_alive, program
from svc import tools

MANY = ("compile", "--jobs", "2", "--out", "out", "a", "b")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("call", ["lint-chart", "verify-hadolint", "many"])
def test_nothing_is_left(call: str, number: signal.Signals, tmp_path: Path) -> None:
    asked = CALLS["compile-pack" if call == "many" else call]
    root, beside, temporary = tmp_path / "root", tmp_path / "beside", tmp_path / "temporary"
    temporary.mkdir()
    put(root, asked.files)
    for name in "ab":
        spec = asked.files.get("service.yaml", "")
        put(root, {f"{name}/service.yaml": spec.replace("name: shop", f"name: {name}")} if call == "many" else {})
    absent = {tools.setting_variable(name): "/nonexistent" for name in tools.TOOLS}
    running = subprocess.Popen(
        [sys.executable, "-m", "svc", *(MANY if call == "many" else asked.arguments)],
        cwd=root,
        env={
            **absent,
            **program(beside, asked.program, BEHAVIOURS["stays"]),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPO / "compiler"),
            "TMPDIR": str(temporary),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    until(lambda: (beside / "pids").exists() and len((beside / "pids").read_text().split()) >= 2)
    running.send_signal(number)
    began = time.monotonic()
    said, _ = running.communicate(timeout=60)
    assert time.monotonic() - began < 10
    assert running.returncode == (130 if number == signal.SIGINT else -number), said
    assert b"Traceback" not in said, said
    until(lambda: not left_alive(beside))
    assert list(temporary.iterdir()) == []
    assert not (root / "out").exists()


def until(true: object) -> None:
    end = time.monotonic() + 30
    assert callable(true)
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)

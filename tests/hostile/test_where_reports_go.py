"""Reports and baselines into pipes, devices and links: read by somebody, or refused in one message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hostile.bounded import REPO
from hostile.read_places import SPEC
from svc.cli import into_files
from svc.cli.main import main

RUNS = (
    ("lint", "--format", "json=r.json", "."),
    ("lint", "--write-baseline", "r.json", "."),
    ("compile", "--out", "out", "--target", "helm", "--format", "sarif=r.json", "."),
)
IDS = ["report", "baseline", "compile"]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "service.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", RUNS, ids=IDS)
def test_a_pipe_that_nobody_reads_is_not_waited_for(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(into_files, "PATIENCE", 0.1)
    os.mkfifo("r.json")
    assert main(list(arguments)) == 2
    assert "r.json: nobody reads this pipe" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", RUNS, ids=IDS)
def test_a_link_to_itself_is_one_clear_message(arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    Path("r.json").symlink_to("r.json")
    assert main(list(arguments)) == 2
    assert "r.json: too many levels of symbolic links" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", RUNS, ids=IDS)
def test_whoever_reads_a_pipe_gets_it_all(arguments: tuple[str, ...]) -> None:
    """More than a pipe holds, for a reader that is slow to begin."""
    for number in range(400):
        Path(f"{number}.Dockerfile").write_text("FROM debian\n")
    os.mkfifo("r.json")
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(Path("r.json").read_text()), daemon=True)
    later = threading.Timer(0.5, reader.start)
    later.start()
    assert main(list(arguments)) in (0, 1)
    later.join()
    reader.join(60)
    assert json.loads(heard[0])
    assert arguments[0] == "compile" or len(heard[0]) > 65_536


@pytest.mark.parametrize("kind", ["/dev/stdout", "/dev/fd/{}"])
def test_pipes_that_a_shell_has_opened(kind: str, root: Path) -> None:
    """As `>(command)` and `| command` do it."""
    reading, writing = os.pipe()
    done = subprocess.Popen(
        [sys.executable, "-m", "svc", "lint", "--format", f"json={kind.format(writing)}", "service.yaml"],
        env={**os.environ, "PYTHONPATH": str(REPO / "compiler")},
        stdout=writing,
        pass_fds=[writing],
    )
    os.close(writing)
    with os.fdopen(reading) as stream:
        heard = stream.read()
    assert done.wait(60) in (0, 1)
    assert json.loads(heard)

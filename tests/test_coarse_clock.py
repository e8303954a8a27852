"""A disk whose clock is coarse: a file that changes in place, to the same size, within the time in which it was looked at.

All other files are old, so that what is believed of this one decides.
"""

from __future__ import annotations

import os
import shutil
import time
from array import array
from collections.abc import Iterable
from pathlib import Path

import pytest
from benchmarks.workspace import make

from disk import contents
from svc import standing
from svc.cli import leaving, unchanged
from svc.cli.main import main

AGO = 10**15
"""So many nanoseconds earlier than it was all else has changed; a run believes what is half as old."""
SPEC, OUTPUT = "services/service-00002/service.yaml", "services/service-00002/chart/values.yaml"


def _coarse(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on whatever happens to the file has one time."""
    now, real = time.time_ns(), standing.mark_of

    def mark_of(state: os.stat_result) -> standing.Mark:
        inode, size, changed = real(state)
        slow = Path(name).exists() and Path(name).stat().st_ino == state.st_ino
        return inode, size, now if slow else changed - AGO

    def marks(names: Iterable[bytes]) -> bytes:
        return array("q", [part for one in names for part in standing.mark(one)]).tobytes()

    for module in (standing, leaving):
        monkeypatch.setattr(module, "mark_of", mark_of)
    monkeypatch.setattr(standing, "marks", marks)
    monkeypatch.setattr(unchanged, "MARGIN", AGO // 2)


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (SPEC, "http: 8080", "http: 8081", 0),
        (OUTPUT, "repository: ", "repositorY: ", 2),
        ("svc-workspace.yaml", "registry: ", "registrY: ", 2),
    ],
)
@pytest.mark.parametrize("runs", [1, 2])
def test_a_change_is_seen_that_the_disk_does_not_tell_of(
    name: str,
    old: str,
    new: str,
    code: int,
    runs: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "shop", 4)
    monkeypatch.chdir(tmp_path / "shop")
    _coarse(name, monkeypatch)
    for _ in range(runs):
        assert main(["compile", "."]) == 0
    before, text = standing.mark(name), Path(name).read_text()
    assert old in text
    Path(name).write_text(text.replace(old, new, 1))
    assert standing.mark(name) == before
    twin = shutil.copytree(tmp_path / "shop", tmp_path / "twin" / "shop")
    capsys.readouterr()
    assert main(["compile", "."]) == code
    said = capsys.readouterr(), contents(tmp_path / "shop")
    os.chdir(twin)
    assert main(["compile", ".", "--no-cache"]) == code
    assert (capsys.readouterr(), contents(twin)) == said

"""What is wrong in a user's file, each beside the exact report: the report is the product.

A fixture is a spec, or a folder to compile, or a folder with a file `commands`: one command line of svc a line, `< NAME`
behind it for standard input; what they print is recorded one after the other. `SVC_UPDATE=1` writes the reports anew.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from diagnostic_ids import emitted
from judges.real import located
from svc.cli.console import verdict
from svc.cli.main import main
from svc.pipeline import Request, compile_
from svc.report import text
from svc.report.form import Run
from svc.report.mask import masked

FOLDER = Path(__file__).parents[1] / "fixtures" / "err"
SPECS = sorted(
    [*FOLDER.glob("*.yaml"), *FOLDER.glob("*.cue"), *(entry for entry in FOLDER.iterdir() if entry.is_dir())]
)
TODAY = date(2026, 11, 24)
COMMANDS = "commands"
_ID = re.compile(r"^(?:error|warning|info)\[([a-z0-9-]+)\]", re.MULTILINE)

ELSEWHERE = {
    # the machine is the cause, or the file cannot be checked in everywhere
    "chart-schema-slow": "tests/lint/test_charts.py",
    "cue-missing": "tests/policy/test_packs.py",
    "file-not-regular": "tests/test_source.py",
    "file-too-large": "tests/test_source.py",
    "file-unreadable": "tests/test_source.py",
    "output-clash": "tests/test_write.py",
    "shellcheck-missing": "tests/policy/test_shellcheck.py",
    # part of another's message
    "file-outside": "tests/test_source.py",
    # no word of the language has been renamed yet
    "deprecated-name": "tests/model/test_renames.py",
    "renamed-key-twice": "tests/model/test_renames.py",
    # no rule of the published schema has such a one today
    "compose-key-alone": "tests/test_shapes.py",
    # an earlier stage says it first; the target says it to whoever comes without that stage
    "expose-gateway-missing": "tests/kubernetes/test_kubernetes_around.py",
    "expose-without-service": "tests/kubernetes/test_kubernetes_around.py",
    "need-container": "tests/kubernetes/test_kubernetes_around.py",
    "need-output-unavailable": "tests/targets/terraform/test_outputs.py",
}
"""Ids that no fixture can cause, with the test that shows each."""


def _report(path: Path) -> str:
    compiled = compile_(Request((path,), lambda one: one.absolute().relative_to(FOLDER).as_posix(), TODAY))
    assert not compiled.outputs or not compiled.failed
    return f"exit {int(verdict(compiled.diagnostics))}\n\n{text.render(masked(Run(compiled.diagnostics, compiled.sources)))}"


@pytest.fixture
def session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Path], str]:
    """Runs a folder's commands in a copy of it."""

    def run(folder: Path) -> str:
        work = tmp_path / folder.name
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns(COMMANDS))
        monkeypatch.chdir(work)
        said = []
        for line in (folder / COMMANDS).read_text("utf-8").splitlines():
            command, _, given = line.partition(" < ")
            data = (work / given).read_bytes() if given else b""
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
            code = main(shlex.split(command)[1:])
            told = capsys.readouterr()
            said.append(f"$ {line}\n{told.out}{told.err}exit {code}\n")
        return "\n".join(said)

    return run


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_report_is_exactly_this(path: Path, session: Callable[[Path], str]) -> None:
    if path.suffix == ".cue":
        located("cue")
    found = session(path) if (path / COMMANDS).is_file() else _report(path)
    expected = path.with_suffix(".out")
    if os.environ.get("SVC_UPDATE"):
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")
    assert _ID.search(found) or "\nexit 2" in found, "nothing is said to be wrong"
    assert "internal error" not in found


def test_there_are_many_and_none_is_stale() -> None:
    stale = [
        path
        for path in FOLDER.glob("*.out")
        if not any(path.with_suffix(kind).is_file() for kind in (".yaml", ".cue")) and not path.with_suffix("").is_dir()
    ]
    if os.environ.get("SVC_UPDATE"):
        for path in stale:
            path.unlink()
        stale = []
    assert stale == []
    assert len(SPECS) >= 40


def test_every_diagnostic_has_a_recorded_report() -> None:
    """Ids that a file can cause and that no report under `fixtures/` shows."""
    recorded = {one for path in FOLDER.parent.rglob("*.out") for one in _ID.findall(path.read_text("utf-8"))}
    known = set(emitted())
    assert len(known) > 200, "the search itself is broken"
    assert sorted(known - recorded - set(ELSEWHERE)) == []
    assert sorted(set(ELSEWHERE) & recorded) == [], "shown by a report now"
    assert sorted(set(ELSEWHERE) - known) == []
    for name, test in ELSEWHERE.items():
        assert name in (FOLDER.parents[1] / test).read_text("utf-8")

"""Broken specs, each beside the exact report: the report is the product. `SVC_UPDATE=1` writes the reports anew."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from judges.real import located
from svc.cli.console import verdict
from svc.pipeline import Request, compile_
from svc.report import text
from svc.report.form import Run

FOLDER = Path(__file__).parents[1] / "fixtures" / "err"
SPECS = sorted(
    [*FOLDER.glob("*.yaml"), *FOLDER.glob("*.cue"), *(entry for entry in FOLDER.iterdir() if entry.is_dir())]
)
TODAY = date(2026, 11, 24)


def _report(path: Path) -> str:
    compiled = compile_(Request((path,), lambda one: one.absolute().relative_to(FOLDER).as_posix(), TODAY))
    assert not compiled.outputs or not compiled.failed
    return f"exit {int(verdict(compiled.diagnostics))}\n\n{text.render(Run(compiled.diagnostics, compiled.sources))}"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_report_is_exactly_this(path: Path) -> None:
    if path.suffix == ".cue":
        located("cue")
    found = _report(path)
    expected = path.with_suffix(".out")
    if os.environ.get("SVC_UPDATE"):
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")
    assert not found.startswith("exit 0")


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

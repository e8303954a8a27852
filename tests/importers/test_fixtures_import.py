"""Files to import, each beside exactly what `svc import` says: refusals, or the specs and the account of every key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from svc.cli.main import main

FOLDER = Path(__file__).parents[2] / "fixtures" / "import"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_output_is_exactly_this(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FOLDER)
    code = main(["import", path.name])
    told = capsys.readouterr()
    found = f"exit {int(code)}\n\n{told.out}" + (f"\n{told.err}" if told.err else "")
    expected = path.with_suffix(".out")
    if os.environ.get("SVC_UPDATE"):
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")


def test_every_refusal_is_shown_and_none_is_stale() -> None:
    ids = {"import-empty", "import-mixed", "import-shape", "import-unknown"}
    texts = [path.with_suffix(".out").read_text("utf-8") for path in FILES]
    assert {one for one in ids if any(f"error[{one}]" in text for text in texts)} == ids
    assert {path.stem for path in FOLDER.glob("*.out")} == {path.stem for path in FILES}

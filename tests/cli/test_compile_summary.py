"""What `svc compile` says at the end stays readable for any number of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli import compile as verb
from svc.cli.exits import Exit
from svc.cli.main import main

SPEC = "apiVersion: svc/v1\nname: %s\nimage: ghcr.io/a/b@sha256:" + "1" * 64 + "\nresources: {cpu: 10m, memory: 16Mi}\n"


def test_a_long_list_of_files_is_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "LISTED", 5)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(SPEC % "one")
    assert main(["compile", "--target", "helm"]) == Exit.CLEAN
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "one: production"
    assert len([line for line in said if line.startswith("  chart/")]) == 5
    written = int(said[1].split()[0])
    assert said[-1] == f"  and {written - 5} more"


def test_many_services_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "LISTED", 1)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\n")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "service.yaml").write_text(SPEC % name)
    assert main(["compile", "--target", "helm"]) == Exit.CLEAN
    assert capsys.readouterr().out.startswith("2 services\n")

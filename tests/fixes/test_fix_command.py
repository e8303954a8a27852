"""`svc lint --fix` on files: what is written, what is left alone, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccount: b, containers: []}  # ours\n"
FIXED = POD.replace("serviceAccount:", "serviceAccountName:")
SELECT = ("--select", "deprecated-service-account-field")


def lint(*words: str) -> int:
    return main(["lint", *SELECT, *words])


def test_a_file_is_edited_in_place_with_its_mark_and_mode(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + POD.replace("\n", "\r\n").encode())
    file.chmod(0o600)
    assert lint("--fix", str(file)) == Exit.CLEAN
    assert file.read_bytes() == b"\xef\xbb\xbf" + FIXED.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "1 fixed" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_a_difference_is_printed_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(POD)
    assert lint("--diff", str(file)) == Exit.FINDINGS
    out = capsys.readouterr().out
    assert "-spec: {serviceAccount: b" in out
    assert "+spec: {serviceAccountName: b" in out
    assert file.read_text() == POD
    file.write_text(FIXED)
    assert lint("--diff", str(file)) == Exit.CLEAN


def test_a_symbolic_link_is_not_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real, link = tmp_path / "real", tmp_path / "link.yaml"
    real.write_text(POD)
    link.symlink_to(real)
    lint("--fix", str(link))
    assert real.read_text() == POD
    assert link.is_symlink()
    assert "it is a symbolic link" in capsys.readouterr().err


def test_what_svc_writes_is_not_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out" / "a.yaml"
    file.parent.mkdir()
    file.write_text(POD)
    state = {"version": 1, "files": {"out/a.yaml": {"owner": "a/helm", "sha256": ""}}}
    (tmp_path / ".svc-outputs.json").write_text(json.dumps(state))
    lint("--fix", str(file))
    assert file.read_text() == POD
    assert "change the spec instead" in capsys.readouterr().err


def test_unsafe_fixes_alone_are_wrong_usage() -> None:
    assert lint("--unsafe-fixes") == Exit.INVALID
    assert lint("--fix", "-") == Exit.INVALID


def test_a_waived_finding_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    text = POD.replace("# ours", "# svc: ignore=deprecated-service-account-field reason=old cluster")
    file.write_text(text)
    assert lint("--fix", str(file)) == Exit.CLEAN
    assert file.read_text() == text

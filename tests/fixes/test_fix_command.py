"""`svc lint --fix` on files: what is written, what is left alone, and what is said."""

from __future__ import annotations

import io
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


def test_a_read_only_file_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(POD)
    file.chmod(0o444)
    lint("--fix", str(file))
    assert file.read_text() == POD
    assert "not edited: it is read-only" in capsys.readouterr().err


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
    assert lint("--fix", "-", "a.yaml") == Exit.INVALID
    assert lint("--fix", "-", "--format", "json") == Exit.INVALID


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_standard_input_is_printed_as_it_is_fixed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, POD)
    assert lint("--fix", "-") == Exit.CLEAN
    assert capsys.readouterr().out == FIXED
    given(monkeypatch, FIXED)
    assert lint("--fix", "-") == Exit.CLEAN
    assert capsys.readouterr().out == FIXED


def test_what_is_left_of_standard_input_is_said_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["lint", "--fix", "--stdin-filename", "Dockerfile", "--select", "add-for-files,base-image-not-pinned", "-"]
    given(monkeypatch, "FROM debian:13\nADD a /b/\n")
    report = tmp_path / "left.json"
    main([*words, "--format", f"json={report}"])
    said = capsys.readouterr()
    assert said.out == "FROM debian:13\nCOPY a /b/\n"
    assert "base-image-not-pinned" in said.err
    assert [one["policy"] for one in json.loads(report.read_text())["findings"]] == ["base-image-not-pinned"]


def test_a_spec_on_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "apiVersion: svc/v1beta1  # old\nname: a\nports: {http: 8080}\nhealth: /z\n"
        f"image: ghcr.io/a/b:1.4.2@sha256:{'4f3b' * 16}\n"
    )
    given(monkeypatch, text)
    main(["lint", "--fix", "--stdin-filename", "service.yaml", "-"])
    assert capsys.readouterr().out == text.replace("v1beta1", "v1")


def test_standard_input_that_cannot_be_read_is_printed_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, "a: [\n")
    assert lint("--fix", "-") == Exit.INVALID
    said = capsys.readouterr()
    assert said.out == "a: [\n"
    assert "error[" in said.err


def test_a_waived_finding_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    text = POD.replace("# ours", "# svc: ignore=deprecated-service-account-field reason=old cluster")
    file.write_text(text)
    assert lint("--fix", str(file)) == Exit.CLEAN
    assert file.read_text() == text

"""A workspace file that says what it may not: that is told, at its place, and nothing is judged by half of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli.main import main

SPEC = "apiVersion: svc/v1\nname: web\nbuild: {language: go}\nports: {http: 8080}\nhealth: /healthz\n"
WRONG = (
    ("waivers:\n  - policy: image-not-pinned\n", "svc-workspace.yaml:4:5: error[missing-key] `reason` is missing"),
    ("waivers:\n  - {reason: later}\n", "svc-workspace.yaml:4:5: error[missing-key] `policy` is missing"),
    ("waivers:\n  - {policy: a, reason: b, until: soon}\n", "svc-workspace.yaml:4:28: error[invalid-value]"),
    ("waivers: 5\n", "svc-workspace.yaml:3:10: error[wrong-type]"),
    ("waivers: [x]\n", "svc-workspace.yaml:3:11: error[invalid-value]"),
    ("policy: 5\n", "svc-workspace.yaml:3:9: error[invalid-value]"),
    ("policy: {severities: {image-not-pinned: nothing}}\n", "svc-workspace.yaml:3:41: error[value-not-allowed]"),
)


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[one for one, _ in WRONG])
@pytest.mark.parametrize(
    "command",
    [("lint", "service.yaml"), ("lint", "Dockerfile"), ("lint", "."), ("compile", ".", "--out", "out")],
    ids=" ".join,
)
def test_it_is_told_and_nothing_else(
    text: str,
    said: str,
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("svc-workspace.yaml").write_text(f"apiVersion: svc/v1\nkind: Workspace\n{text}")
    Path("service.yaml").write_text(SPEC)
    Path("Dockerfile").write_text("FROM alpine\n")
    assert main([*command, "--format", "concise", "--no-cache"]) == 2
    out, err = capsys.readouterr()
    assert said in out + err
    assert "internal error" not in out + err
    assert not Path("out").exists()

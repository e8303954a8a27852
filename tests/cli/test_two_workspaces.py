"""One workspace decides for a run: another one's files in it are said, so that none of its settings reaches others."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli import unchanged
from svc.cli.exits import Exit
from svc.cli.main import main

MILD = 'apiVersion: svc/v1\nkind: Workspace\npolicy: {severities: {image-runs-as-root: "off"}}\n'
FIRM = "apiVersion: svc/v1\nkind: Workspace\npolicy: {mandatory: [image-runs-as-root]}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text("FROM alpine:3.20\nCMD top\n")
    (tmp_path / "a/svc-workspace.yaml").write_text(MILD)
    return tmp_path


def linted(capsys: pytest.CaptureFixture[str], *paths: str) -> tuple[int, set[str]]:
    capsys.readouterr()
    code = main(["lint", "--format", "concise", *paths])
    return code, {line.split("[")[1].split("]")[0] for line in capsys.readouterr().out.splitlines()}


@pytest.mark.parametrize("above", [FIRM, ""])
@pytest.mark.parametrize("paths", [["."], ["a", "b"], ["b", "a"], ["a/Dockerfile", "b/Dockerfile"]])
def test_a_workspace_below_does_not_decide_for_others(
    above: str, paths: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if above:
        (folder / "svc-workspace.yaml").write_text(above)
    code, found = linted(capsys, *paths)
    assert (code, "workspace-mixed" in found) == (Exit.INVALID, True)


def test_a_run_within_one_workspace_is_none_of_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text(FIRM)
    assert linted(capsys, "a") == (Exit.CLEAN, {"base-image-not-pinned", "shell-form-command"})
    code, found = linted(capsys, "b")
    assert (code, "image-runs-as-root" in found, "workspace-mixed" in found) == (Exit.FINDINGS, True, False)


def test_a_workspace_without_files_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a/Dockerfile").unlink()
    assert "workspace-mixed" not in linted(capsys, ".")[1]


def test_one_that_comes_later_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -1_000_000_000)  # what was written just now counts as old
    monkeypatch.setenv("SVC_CACHE_DIR", str(folder.parent / "kept"))
    (folder / "a/svc-workspace.yaml").unlink()
    for _ in range(3):
        assert linted(capsys, "a/Dockerfile", "b/Dockerfile")[0] == Exit.FINDINGS
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    assert linted(capsys, "a/Dockerfile", "b/Dockerfile")[0] == Exit.INVALID


SPEC = """\
apiVersion: svc/v1
name: {name}
image: ghcr.io/acme/{name}:1.4.2@sha256:{digest}
ports: {{http: 8080}}
health: /healthz
"""


@pytest.mark.parametrize("paths", [[], ["."], ["a/service.yaml", "b/service.yaml"]])
def test_one_that_comes_after_a_compile_is_seen(
    paths: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -1_000_000_000)
    monkeypatch.setenv("SVC_CACHE_DIR", str(folder.parent / "kept"))
    (folder / "a/svc-workspace.yaml").rename(folder / "svc-workspace.yaml")
    for name in ("a", "b"):
        (folder / name / "Dockerfile").unlink()
        (folder / name / "service.yaml").write_text(SPEC.format(name=name, digest="a" * 64))
    for _ in range(3):
        assert main(["compile", "--target", "helm", *paths]) == Exit.CLEAN
    assert "workspace-mixed" not in capsys.readouterr().out
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    assert main(["compile", "--target", "helm", *paths]) == Exit.INVALID
    assert "workspace-mixed" in capsys.readouterr().out

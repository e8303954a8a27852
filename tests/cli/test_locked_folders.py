"""A folder that nobody may read: it is named, the exit code says so, and what stands beside it is looked at all the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main

SPEC = """\
apiVersion: svc/v1
name: {name}
image: ghcr.io/acme/web:1.4.2@sha256:{digest}
health: /healthz
ports: {{http: 8080}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three services, of which `b` is in a folder that the system does not open: not even to root, who runs tests."""
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "service.yaml").write_text(SPEC.format(name=name, digest="a" * 64), "utf-8")
    monkeypatch.chdir(tmp_path)
    for name, inside in {"scandir": False, "listdir": False, "stat": True, "lstat": True, "open": True}.items():
        monkeypatch.setattr(os, name, _refusing(getattr(os, name), str(tmp_path / "b"), inside=inside))
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / "b" and access(path, mode))
    return tmp_path


def _refusing(was: Any, locked: str, *, inside: bool) -> Any:
    """`inside`: it is what lies in the folder that is refused, not the folder."""

    def asked(path: Any = ".", *given: Any, **more: Any) -> Any:
        name = os.path.abspath(os.fspath(path)) if isinstance(path, str | os.PathLike) else ""  # noqa: PTH100
        if name.startswith(f"{locked}/") if inside else name == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return was(path, *given, **more)

    return asked


def test_a_search_for_specs_goes_on_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c/service.yaml").write_text("nme: c\n", "utf-8")
    assert main(["compile", "--format", "concise", "."]) == Exit.INVALID
    said = capsys.readouterr().out
    assert "b: error[file-unreadable] cannot be read: permission denied" in said
    assert "c/service.yaml:1:1: error[" in said
    assert "no-spec" not in said
    assert not (folder / "a/chart").exists()


def test_who_asks_for_one_service_has_nothing_to_do_with_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text("apiVersion: svc/v1\n", "utf-8")
    assert main(["compile", "--quiet", "--target", "helm", "a", "c/service.yaml"]) == Exit.CLEAN
    assert "unreadable" not in capsys.readouterr().out
    assert (folder / "a/chart").is_dir()


def test_layout_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", "."]) == Exit.INVALID
    said = capsys.readouterr().err
    assert "b: cannot be read: permission denied\n" in said
    assert ["a/service.yaml: would" in said, "c/service.yaml: would" in said] == [True, True]


@pytest.mark.parametrize("named", ["b", "b/service.yaml"])
@pytest.mark.parametrize("verb", ["compile", "lint", "fmt", "show", "import"])
def test_one_that_is_named_is_told_by_its_name(
    verb: str, named: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, named]) == Exit.INVALID
    out, err = capsys.readouterr()
    assert "cannot be read: permission denied" in out + err
    assert named in out + err
    assert "mend that and run again" not in err


@pytest.mark.parametrize("named", ["service.yaml", "Dockerfile", "main.tf", "chart/templates/a.yaml"])
@pytest.mark.parametrize("workspace", [False, True])
@pytest.mark.parametrize("more", [[], ["--no-cache"], ["--fix"]])
def test_a_file_beside_one_that_is_named_is_judged(
    more: list[str], workspace: bool, named: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a/Dockerfile").write_text("FROM debian\n", "utf-8")
    if workspace:
        (folder / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\n", "utf-8")
    assert main(["lint", "--format", "concise", *more, f"b/{named}", "a"]) == Exit.INVALID
    said = capsys.readouterr().out
    assert f"b/{named}: error[file-unreadable] cannot be read: permission denied" in said
    assert "a/Dockerfile:1:" in said


def test_its_name_is_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a/secret").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "scandir", _refusing(os.scandir, str(tmp_path / "a/secret"), inside=False))
    (tmp_path / "password").write_text("a: [\n", "utf-8")
    assert main(["fmt", ".", "password"]) == Exit.INVALID
    said = capsys.readouterr().err
    assert "a/secret: cannot be read: permission denied\n" in said
    assert "password: cannot be read: a value" in said


def test_a_workflow_that_leads_there_is_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".github/workflows").mkdir(parents=True)
    step = "name: x\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ./b/act\n"
    (folder / ".github/workflows/a.yaml").write_text(step, "utf-8")
    assert main(["lint", "--format", "concise", ".github"]) != Exit.INVALID
    out, err = capsys.readouterr()
    assert err == ""
    assert "timeout" in out


@pytest.mark.parametrize("name", ["b", "b/inside"])
def test_init_says_that_a_folder_cannot_be_read(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if name != "b":
        monkeypatch.setattr(os, "scandir", _refusing(os.scandir, str(folder / "b"), inside=True))
    assert main(["init", name]) == Exit.INVALID
    assert capsys.readouterr().err.strip() == f"svc init: {name} cannot be read: permission denied"
    assert main(["init", "nowhere"]) == Exit.INVALID
    assert "nowhere is not a folder" in capsys.readouterr().err


def test_init_says_that_nobody_may_enter_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "a")
    assert main(["init", "a"]) == Exit.INVALID
    assert capsys.readouterr().err.strip() == "svc init: a cannot be read: permission denied"

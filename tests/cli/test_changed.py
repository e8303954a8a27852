"""`svc lint --changed-since`: what differs from a commit is judged, beside what did not change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.changes import SPEC, found, services
from disk import git
from svc.cli.exits import Exit
from svc.cli.main import main

BAD = "FROM alpine:3.20\nCMD top\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/Dockerfile").write_text(BAD)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/Dockerfile").write_text(BAD)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_nothing_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys) == (Exit.CLEAN, set())


def test_changed_and_untracked_files_alone_are_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "b/Dockerfile").write_text(BAD + "# more\n")
    (folder / "new").mkdir()
    (folder / "new/Dockerfile").write_text(BAD)
    assert found(capsys) == (Exit.FINDINGS, {"b/Dockerfile", "new/Dockerfile"})


FIXABLE = "FROM alpine:3.20\nRUN apk add curl\nUSER 1000\n"


def test_changed_files_alone_are_fixed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (folder / name / "Dockerfile").write_text(FIXABLE)
    git(folder, "commit", "-q", "-a", "-m", "second")
    (folder / "b/Dockerfile").write_text(FIXABLE + "# more\n")
    assert main(["lint", ".", "--fix", "--changed-since", "nowhere"]) == Exit.INVALID
    assert (folder / "b/Dockerfile").read_text() == FIXABLE + "# more\n"
    found(capsys, "--fix")
    assert (folder / "a/Dockerfile").read_text() == FIXABLE
    assert "--no-cache" in (folder / "b/Dockerfile").read_text()


def test_a_branch_is_compared_with_where_it_began(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(folder, "checkout", "-q", "-b", "topic")
    (folder / "b/Dockerfile").write_text(BAD + "# mine\n")
    git(folder, "commit", "-q", "-a", "-m", "mine")
    git(folder, "checkout", "-q", "main")
    (folder / "a/Dockerfile").write_text(BAD + "# theirs\n")
    git(folder, "commit", "-q", "-a", "-m", "theirs")
    git(folder, "checkout", "-q", "topic")
    assert found(capsys) == (Exit.FINDINGS, {"b/Dockerfile"})


def test_a_file_that_was_moved_changes_both_services(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services(folder, "cart", "shop", "other")
    (folder / "cart/data.txt").write_text("".join(f"line {number}\n" for number in range(50)))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "data")
    git(folder, "mv", "cart/data.txt", "shop/data.txt")
    assert found(capsys)[1] == {"cart/service.yaml", "shop/service.yaml"}


def test_a_pack_that_changed_judges_every_spec_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\npolicy: {packs: [policies]}\n")
    main(["policies", "new", "policies/registry-not-ours"])
    services(folder, "cart", "shop")
    assert found(capsys) == (Exit.CLEAN, set())
    policy = folder / "policies/registry-not-ours.yaml"
    policy.write_text(policy.read_text() + "# stricter\n")
    assert found(capsys)[1] == {"cart/service.yaml", "shop/service.yaml"}


def test_what_the_user_told_git_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, value in {"diff.relative": "true", "diff.noprefix": "true", "color.ui": "always"}.items():
        git(folder, "config", key, value)
    (folder / "b/Dockerfile").write_text(BAD + "# more\n")
    monkeypatch.chdir(folder / "b")
    assert found(capsys) == (Exit.FINDINGS, {"Dockerfile"})
    monkeypatch.chdir(folder / "a")
    assert main(["lint", "..", "--changed-since", "main"]) == Exit.FINDINGS


@pytest.mark.parametrize("committed", [False, True])
def test_a_repository_within_the_repository(committed: bool, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "Dockerfile").write_text(BAD)
    (inner / "shop").mkdir()
    (inner / "shop/service.yaml").write_text(SPEC.format(name="shop", digest="a" * 64).replace("@", "#"))
    git(inner, "init", "-q", "-b", "main")
    git(inner, "add", ".")
    git(inner, "commit", "-q", "-m", "inner")
    if committed:
        git(folder, "add", "inner")
        git(folder, "commit", "-q", "-m", "with another repository")
        git(folder, "config", "diff.ignoreSubmodules", "all")
        assert found(capsys) == (Exit.CLEAN, set())
        (inner / "Dockerfile").write_text(BAD + "# more\n")
    assert found(capsys)[1] == {"inner/Dockerfile", "inner/shop/service.yaml"}


def test_a_history_with_nothing_in_common_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(folder, "checkout", "-q", "--orphan", "alone")
    git(folder, "commit", "-q", "-m", "alone")
    assert main(["lint", ".", "--changed-since", "main"]) == Exit.INVALID
    assert "no merge base found; in CI, fetch" in capsys.readouterr().err


@pytest.mark.parametrize("reference", ["nowhere", "--output=x", "-x"])
def test_what_is_no_commit_is_said(folder: Path, reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", ".", f"--changed-since={reference}"]) == Exit.INVALID
    assert f"there is no commit `{reference}`" in capsys.readouterr().err
    assert not (folder / "x").exists()


def test_the_repository_runs_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trap = folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {folder}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        git(folder, "config", key, str(trap))
    (folder / "b/Dockerfile").write_text(BAD + "# more\n")
    assert found(capsys)[1] == {"b/Dockerfile"}
    assert not (folder / "sprung").exists()


@pytest.mark.parametrize(
    "name", [b"caf\xc3\xa9", b"no \xff utf8", b'"quoted" \\ name', b"a\ttab", b" space ", b"line\nbreak"]
)
def test_a_folder_of_any_name_is_found(name: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = os.fsdecode(os.fsencode(folder) + b"/" + name)
    Path(there).mkdir()
    Path(there, "Dockerfile").write_text(BAD)
    capsys.readouterr()
    assert main(["lint", ".", "--format", "json", "--changed-since", "main"]) == Exit.FINDINGS
    Path(there, "Dockerfile").write_text(BAD)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "more")
    assert main(["lint", ".", "--format", "json", "--changed-since", "main"]) == Exit.CLEAN
    Path(there, "Dockerfile").write_text(BAD + "# more\n")
    assert main(["lint", ".", "--format", "json", "--changed-since", "main"]) == Exit.FINDINGS


def test_a_link_to_a_folder_changes_nothing_below_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "all").symlink_to(".")
    (folder / "new").symlink_to("b")
    assert found(capsys) == (Exit.CLEAN, set())
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "links")
    git(folder, "branch", "-f", "before")
    (folder / "new").unlink()
    (folder / "new").symlink_to("a")
    capsys.readouterr()
    assert main(["lint", ".", "--changed-since", "before"]) == Exit.CLEAN


def test_a_link_to_a_file_is_judged_as_it_comes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c").mkdir()
    (folder / "c/Dockerfile").symlink_to("../a/Dockerfile")
    assert found(capsys, path="c/Dockerfile") == (Exit.FINDINGS, {"c/Dockerfile"})


def test_what_a_link_leads_to_is_changed_with_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c").mkdir()
    (folder / "c/Dockerfile").symlink_to("../a/Dockerfile")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "link")
    (folder / "a/Dockerfile").write_text(BAD + "# more\n")
    assert found(capsys, path="c/Dockerfile") == (Exit.FINDINGS, {"c/Dockerfile"})

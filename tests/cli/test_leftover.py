"""Waivers that cover nothing and findings of a baseline that are gone: a lint that sees all below their folder says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc import tools
from svc.cli.exits import Exit
from svc.cli.main import main

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers:
    - name: web
      image: nginx:1.25
      securityContext: {privileged: true}
"""
ONE = "{policy: privileged-container, file: k8s/%s.yaml, reason: it drives the device, until: 2099-01-01}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s/agent.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """What is said of waivers and baselines."""
    capsys.readouterr()
    main(["lint", "--format", "json", *options])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [one["policy"] for one in found if one["policy"].startswith(("waiver-", "baseline-"))]


@pytest.mark.parametrize("where", ["svc-workspace.yaml", "waivers.yaml"])
@pytest.mark.parametrize(("name", "said"), [("agent", []), ("agnet", ["waiver-unused"])])
def test_a_waiver_that_covers_nothing(
    where: str, name: str, said: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "apiVersion: svc/v1\nkind: Workspace\n" if where.startswith("svc-") else ""
    (folder / where).write_text(f"{head}waivers:\n  - {ONE % name}\n")
    given = ["--waivers", where] if not head else []
    assert told(capsys, ".", *given) == said
    for part in (["k8s"], ["k8s/agent.yaml"], [".", "--exclude", "other"], [".", "--select", "image-latest"]):
        assert told(capsys, *part, *given) == []


def test_entries_of_a_baseline_that_are_gone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--write-baseline", "known.json"]) == Exit.CLEAN
    assert told(capsys, ".", "--baseline", "known.json") == []
    (folder / "k8s/agent.yaml").write_text(POD.replace("true", "false"))
    assert told(capsys, ".", "--baseline", "known.json") == ["baseline-unused"]
    assert told(capsys, "k8s", "--baseline", "known.json") == []
    assert told(capsys, ".", "--baseline", "known.json", "--ignore", "privileged-container") == []
    assert main(["lint", "--write-baseline", "known.json"]) == Exit.CLEAN
    assert told(capsys, ".", "--baseline", "known.json") == []


@pytest.fixture
def two(folder: Path) -> Path:
    """Two workspaces with a file each."""
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "agent.yaml").write_text(POD.replace("agent", name))
        (folder / name / "svc-workspace.yaml").write_text(HEAD)
    return folder


HEAD = "apiVersion: svc/v1\nkind: Workspace\n"
OFF = HEAD + 'policy: {severities: {privileged-container: "off"}}\n'
FIRM = HEAD + "policy: {mandatory: [privileged-container]}\n"


@pytest.mark.parametrize(("file", "said"), [("[ab]/*", []), ("b/agent.yaml", []), ("b/agnet.yaml", ["waiver-unused"])])
def test_a_waiver_of_a_run_may_be_for_files_of_any_workspace(
    file: str, said: list[str], two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (two / "waivers.yaml").write_text(
        f"waivers:\n  - {{policy: privileged-container, file: '{file}', reason: it drives}}\n"
    )
    assert told(capsys, ".", "--waivers", "waivers.yaml") == said, "and is told of once"
    assert told(capsys, "a", "b", "--waivers", "waivers.yaml") == [], "a part of what lies below its folder"
    (two / "a/svc-workspace.yaml").write_text(OFF)
    assert told(capsys, ".", "--waivers", "waivers.yaml") == said


def test_waivers_of_workspaces_are_for_their_own_files(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = "waivers:\n  - {policy: privileged-container, file: %s.yaml, reason: it drives the device}\n"
    (two / "a/svc-workspace.yaml").write_text(HEAD + waiver % "agent")
    (two / "b/svc-workspace.yaml").write_text(HEAD + waiver % "agnet")
    assert told(capsys, ".") == ["waiver-unused"]


def test_entries_of_a_baseline_of_several_workspaces(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--write-baseline", "known.txt"]) == Exit.CLEAN
    assert told(capsys, ".", "--baseline", "known.txt") == []
    for rules in (OFF, FIRM):
        (two / "a/svc-workspace.yaml").write_text(rules)
        assert told(capsys, ".", "--baseline", "known.txt") == [], "what a workspace lets nobody find is not gone"
    (two / "b/agent.yaml").write_text(POD.replace("agent", "b").replace("true", "false"))
    assert told(capsys, ".", "--baseline", "known.txt") == ["baseline-unused"]
    (two / "b/agent.yaml").unlink()
    (two / "b/svc-workspace.yaml").unlink()
    (two / "k8s/agent.yaml").unlink()
    assert told(capsys, ".", "--baseline", "known.txt") == ["baseline-unused"], "no file is left but of one workspace"


def test_what_was_not_judged_may_have_what_a_waiver_covers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "k8s/agent.yaml").unlink()
    chart = folder / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (chart / "templates/agent.yaml").write_text(
        POD.replace("agent", '{{ genSignedCert "a" nil nil 1 (genCA "b" 1) | toJson | sha256sum }}')
    )
    waiver = "{policy: privileged-container, file: chart/templates/agent.yaml, reason: it drives the device, until: 2099-01-01}"
    (folder / "svc-workspace.yaml").write_text(f"apiVersion: svc/v1\nkind: Workspace\nwaivers:\n  - {waiver}\n")
    monkeypatch.setenv("PATH", str(folder / "none"))
    monkeypatch.setattr(tools, "_own_checkout", lambda: folder)
    assert told(capsys, ".") == []

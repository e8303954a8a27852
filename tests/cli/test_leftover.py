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

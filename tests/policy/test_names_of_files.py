"""Waivers and baselines name files from the folder that they stand in, wherever svc is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main
from svc.policy.types import Home

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
WORKSPACE = """\
apiVersion: svc/v1
kind: Workspace
policy: {mandatory: [privileged-container]}
"""
WAIVER = "{policy: privileged-container, file: %s, reason: it drives the device, until: 2099-01-01}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "a b ü"
    for name in ("agent", "web"):
        (home / "k8s" / name).mkdir(parents=True)
        (home / "k8s" / name / "pod.yaml").write_text(POD)
    (home / "svc-workspace.yaml").write_text(WORKSPACE)
    monkeypatch.chdir(home)
    return home


def waived(capsys: pytest.CaptureFixture[str], *options: str, mark: str = "waived") -> set[str]:
    """The folders of the pods of which the finding is answered for."""
    capsys.readouterr()
    main(["lint", "--format", "json", "--select", "privileged-container", *options])
    found = json.loads(capsys.readouterr().out)["findings"]
    return {Path(one["file"]).absolute().resolve().parent.name for one in found if one.get(mark)}


CALLS = [
    (".", "."),
    (".", "k8s"),
    (".", "./k8s/agent/pod.yaml"),
    ("k8s/agent", "."),
    ("k8s/agent", "../../k8s"),
    ("..", "."),
]


@pytest.mark.parametrize(("here", "path"), CALLS)
@pytest.mark.parametrize("file", ["k8s/agent/pod.yaml", "k8s/agent/*"])
def test_a_waiver_in_the_workspace_speaks_of_one_file(
    here: str, path: str, file: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "svc-workspace.yaml").write_text(f"{WORKSPACE}waivers:\n  - {WAIVER % file}\n")
    monkeypatch.chdir(folder / here)
    if here == "..":
        path = folder.name
    assert waived(capsys, path) == {"agent"}


@pytest.mark.parametrize(("here", "path"), CALLS)
def test_a_file_of_waivers(
    here: str, path: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "svc-workspace.yaml").unlink()
    (folder / "waivers.yaml").write_text(f"waivers:\n  - {WAIVER % 'k8s/agent/pod.yaml'}\n")
    monkeypatch.chdir(folder / here)
    assert waived(capsys, path, "--waivers", str(folder / "waivers.yaml")) == {"agent"}


@pytest.mark.parametrize(("here", "path"), CALLS)
def test_a_baseline(
    here: str, path: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "svc-workspace.yaml").unlink()
    monkeypatch.chdir(folder / here)
    assert main(["lint", path, "--write-baseline", str(folder / "known.json")]) == Exit.CLEAN
    there = waived(capsys, path, mark="policy")
    monkeypatch.chdir(folder)
    assert waived(capsys, ".", "--baseline", "known.json", mark="known") == there
    monkeypatch.chdir(folder / "k8s")
    assert waived(capsys, ".", "--baseline", "../known.json", mark="known") == there


def test_a_baseline_as_it_was_called_before(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").unlink()
    (folder / "kept").mkdir()
    assert main(["lint", "--write-baseline", "kept/known.json"]) == Exit.CLEAN
    assert waived(capsys, ".", "--baseline", "kept/known.json", mark="known") == {"agent", "web"}


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files of one name: in the folder that says which of them is answered for, and below it."""
    (tmp_path / "sub").mkdir()
    for name in ("pod.yaml", "sub/pod.yaml"):
        (tmp_path / name).write_text(POD)
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("where", ["svc-workspace.yaml", "waivers.yaml"])
@pytest.mark.parametrize("file", ["pod.yaml", "po?.yaml"])
def test_a_waiver_does_not_speak_of_a_file_of_that_name_in_a_folder_below(
    file: str, where: str, pair: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    head = WORKSPACE if where == "svc-workspace.yaml" else ""
    (pair / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\n")
    (pair / where).write_text(f"{head}waivers:\n  - {WAIVER % file}\n")
    more = () if head else ("--waivers", str(pair / where))
    assert waived(capsys, ".", *more) == {pair.name}
    monkeypatch.chdir(pair / "sub")
    assert waived(capsys, ".", *more) == set()
    assert waived(capsys, "..", *more) == {pair.name}


def test_a_baseline_does_not_hold_a_file_of_that_name_in_a_folder_below(
    pair: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (pair / "svc-workspace.yaml").unlink()
    assert main(["lint", "pod.yaml", "--write-baseline", "known.json"]) == Exit.CLEAN
    assert waived(capsys, ".", "--baseline", "known.json", mark="known") == {pair.name}
    monkeypatch.chdir(pair / "sub")
    assert waived(capsys, ".", "--baseline", "../known.json", mark="known") == set()


def test_a_baseline_with_names_as_they_were_reported_fits_where_there_is_no_other_such_file(
    pair: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (pair / "svc-workspace.yaml").unlink()
    monkeypatch.chdir(pair / "sub")
    assert main(["lint", ".", "--write-baseline", "known.json"]) == Exit.CLEAN
    (pair / "sub/known.json").rename(pair / "known.json")  # it says `pod.yaml`
    (pair / "pod.yaml").unlink()
    assert waived(capsys, ".", "--baseline", "../known.json", mark="known") == {"sub"}
    (pair / "pod.yaml").write_text(POD)
    assert waived(capsys, ".", "--baseline", "../known.json", mark="known") == set()


@pytest.mark.parametrize(
    ("home", "file", "name"),
    [
        (Home(), "../web/a.yaml", "../web/a.yaml"),
        (Home("/shop", "/shop"), "web/a.yaml", "web/a.yaml"),
        (Home("/shop", "/shop/web"), "a.yaml", "web/a.yaml"),
        (Home("/shop", "/shop/web"), "../api/a.yaml", "api/a.yaml"),
        (Home("/shop", "/other"), "/shop/web/a.yaml", "web/a.yaml"),
        (Home("/shop", "/shops"), "a.yaml", "a.yaml"),
        (Home("/shop/web", "/shop"), "api/a.yaml", "api/a.yaml"),
        (Home("/", "/shop"), "a.yaml", "shop/a.yaml"),
    ],
)
def test_a_file_has_one_name_from_a_folder(home: Home, file: str, name: str) -> None:
    assert home.name(file) == name

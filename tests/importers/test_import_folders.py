"""What `svc import` reads: folders within bounds, standard input; and the workspace file that several specs share."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main
from svc.parse import parse
from svc.source import Source

POD = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}{more}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: {name}, image: "ghcr.io/acme/{name}:1", ports: [{{containerPort: 8080}}]}}]}}
"""
COMPOSE = """name: bookshop
services:
  web: {image: 'acme/web:1', ports: ['80'], environment: {API: 'http://api:3000/v1'}}
  api: {image: 'acme/api:1', expose: ['3000']}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _pod(path: str, name: str, more: str = "") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(POD.format(name=name, more=more))


def test_links_hidden_folders_and_dependencies_are_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    _pod("in/a/web.yaml", "web")
    for path in ("in/.git/other.yaml", "in/node_modules/other.yaml"):
        _pod(path, "other")
    _pod("elsewhere/other.yaml", "other")
    Path("in/round").symlink_to("round")
    Path("in/a/up").symlink_to("..")
    Path("in/away").symlink_to("../elsewhere")
    assert main(["import", "in"]) == Exit.CLEAN
    assert "name: web" in (out := capsys.readouterr().out)
    assert "other" not in out


def test_a_folder_that_cannot_be_read_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pod("in/web.yaml", "web")
    Path("in/locked").mkdir()
    real = os.scandir

    def scandir(path: str | Path) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr("svc.folders.os.scandir", scandir)
    assert main(["import", "in"]) == Exit.INVALID
    assert capsys.readouterr().err == "svc import: in/locked cannot be read: permission denied\n"


def test_a_huge_folder_is_one_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("svc.cli.import_._MOST", 3)
    for index in range(5):
        _pod(f"in/{index}.yaml", f"s{index}")
    assert main(["import", "in"]) == Exit.INVALID
    assert "more than 3 YAML files: name a smaller folder" in capsys.readouterr().err


@pytest.mark.parametrize(("file", "said"), [("Chart.yaml", "helm template"), ("readme.txt", "no YAML file")])
def test_what_is_nothing_to_import_is_said(file: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("in").mkdir()
    Path("in", file).write_text("name: x\n")
    assert main(["import", "in"]) == Exit.INVALID
    assert said in capsys.readouterr().err


def test_standard_input_is_imported_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(POD.format(name="web", more="").encode())))
    assert main(["import", "-"]) == Exit.CLEAN
    assert "# Imported by svc from <stdin>; yours from now on.\n" in capsys.readouterr().out


# --- the workspace -----------------------------------------------------------------------------------------------


def _workspace() -> dict[str, object]:
    data = parse(Source("w", Path("out/svc-workspace.yaml").read_text())).documents[0].data
    assert isinstance(data, dict)
    return data


def test_services_of_one_file_share_a_namespace_and_compile_together(capsys: pytest.CaptureFixture[str]) -> None:
    Path("compose.yaml").write_text(COMPOSE)
    assert main(["import", "compose.yaml", "--out", "out"]) == Exit.CLEAN
    assert _workspace()["defaults"] == {"namespace": "bookshop"}
    main(["compile", "out", "--out", "made"])
    said = capsys.readouterr().out
    assert "reference-unknown" not in said
    assert main(["explain", "out/web/service.yaml", "env"]) is not None


def test_a_namespace_of_all_is_said_once() -> None:
    for name in ("web", "api"):
        _pod(f"in/{name}.yaml", name, ", namespace: shop")
    assert main(["import", "in", "--out", "out"]) == Exit.CLEAN
    assert _workspace()["defaults"] == {"namespace": "shop"}
    assert "namespace" not in Path("out/web/service.yaml").read_text()


@pytest.mark.parametrize("more", [(", namespace: a", ", namespace: b"), (", namespace: a", "")])
def test_namespaces_that_differ_stay_where_they_are(more: tuple[str, str]) -> None:
    for name, one in zip(("web", "api"), more, strict=True):
        _pod(f"in/{name}.yaml", name, one)
    assert main(["import", "in", "--out", "out"]) == Exit.CLEAN
    assert not Path("out/svc-workspace.yaml").exists()
    assert "namespace: a" in Path("out/web/service.yaml").read_text()


def test_a_workspace_that_is_there_stays() -> None:
    Path("svc-workspace.yaml").write_text("apiVersion: svc/v1\n")
    for name in ("web", "api"):
        _pod(f"in/{name}.yaml", name, ", namespace: shop")
    assert main(["import", "in", "--out", "out"]) == Exit.CLEAN
    assert not Path("out/svc-workspace.yaml").exists()
    assert "namespace: shop" in Path("out/web/service.yaml").read_text()

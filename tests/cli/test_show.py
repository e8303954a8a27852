"""`svc show`: exact outputs, and what it says to a wrong route or environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main
from svc.parse import parse_one
from svc.source import Source

WORKSPACE = """\
apiVersion: svc/v1
kind: Workspace
defaults:
  team: platform
profiles:
  web:
    ports: {http: 8080}
environments:
  staging: {}
  production: {}
"""
SPEC = """\
apiVersion: svc/v1
name: shop
profile: web
build: {language: python, version: 3.10}
env:
  LOG_LEVEL: info
environments:
  production:
    env: {LOG_LEVEL: warn}
    scale: {min: 2, max: 4}
"""
SHOWN = """\
team: platform       # svc-workspace.yaml:4 workspace defaults
profile: web         # service.yaml:3
ports:
  http: 8080         # svc-workspace.yaml:7 profile web
apiVersion: svc/v1   # service.yaml:1
name: shop           # service.yaml:2
build:
  language: python   # service.yaml:4
  version: 3.10      # service.yaml:4
  context: "."       # default: Folder of the sources, relative to the spec
env:
  LOG_LEVEL: debug   # --set env.LOG_LEVEL=debug
scale:
  min: 2             # service.yaml:10 environment production
  max: 4             # service.yaml:10 environment production
writable:            # default: Paths that the process may write to (scratch); the root file system is read-only
  - /tmp
read_only: true      # default: Read-only root file system
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / "service.yaml").write_text(SPEC, "utf-8")
    monkeypatch.chdir(tmp_path)


def test_every_value_has_its_layer_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--env", "production", "--set", "env.LOG_LEVEL=debug"]) == 0
    text = capsys.readouterr().out
    assert sorted(line.split() for line in text.splitlines()) == sorted(line.split() for line in SHOWN.splitlines())
    assert len({line.index("  #") for line in text.splitlines() if line.startswith("apiVersion")}) == 1
    columns = {line.index("  # ") for line in text.splitlines() if "  # " in line}
    assert len(columns) == 1, "the comments stand in one column"
    assert parse_one(Source("shown", text)).problems == ()


def test_a_route_narrows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "service.yaml", "scale", "--env", "production"]) == 0
    assert capsys.readouterr().out == (
        "scale:\n"
        "  min: 2  # service.yaml:10 environment production\n"
        "  max: 4  # service.yaml:10 environment production\n"
    )


def test_json_has_values_and_origins(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "service.yaml", "scale.min", "--env", "production", "--format", "json"]) == 0
    origin = {"layer": "environment production", "file": "service.yaml", "line": 10, "why": ""}
    assert json.loads(capsys.readouterr().out) == {"value": 2, "origins": {"scale.min": origin}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["service.yaml", "scal", "--env", "production"], "did you mean `scale`?"),
        (["service.yaml", "..", "--env", "production"], "is no route"),
        (["--env", "producton"], "did you mean `production`?"),
        (["--set", "scale"], "ROUTE=VALUE"),
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_wrong_spec_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--set", "scal=3"]) == 2
    assert "unknown key `scal`" in capsys.readouterr().out

"""`svc explain FILE:LINE`: every generated line leads back to the spec's line, a layer, or a default."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main
from svc.pipeline import Request, compile_
from svc.provenance import line, line_of

SPEC = f"""apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
env:
  LOG_LEVEL: info
environments:
  staging: {{scale: 1}}
  production: {{scale: 3}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(SPEC)
    (tmp_path / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\ndefaults:\n  team: web\n")
    assert main(["compile"]) == Exit.CLEAN
    return tmp_path


def _explained(capsys: pytest.CaptureFixture[str], file: str, words: str) -> list[dict[str, Any]]:
    """The causes of the first line of a file that has the words in it."""
    number = next(n for n, line in enumerate(Path(file).read_text().split("\n"), 1) if words in line)
    capsys.readouterr()
    assert main(["explain", f"{file}:{number}", "--format", "json"]) == Exit.CLEAN
    causes: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["causes"]
    return causes


def test_a_value_of_the_service(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (cause,) = _explained(capsys, "compose.yaml", "LOG_LEVEL")
    assert (cause["route"], cause["layer"], cause["file"], cause["line"]) == (
        "env.LOG_LEVEL",
        "service",
        "service.yaml",
        7,
    )


def test_a_value_of_an_environment_names_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    causes = _explained(capsys, "chart/templates/deployment.yaml", "replicas")
    places = {cause["line"]: (cause["layer"], cause["environments"]) for cause in causes}
    assert places == {
        9: ("environment staging", ["staging"]),
        10: ("environment production", ["production"]),
    }


def test_a_default_is_called_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    causes = _explained(capsys, "chart/templates/deployment.yaml", "maxUnavailable")
    assert {cause["layer"] for cause in causes} == {"default"}


def test_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = next(n for n, line in enumerate(Path("compose.yaml").read_text().split("\n"), 1) if "LOG_LEVEL" in line)
    capsys.readouterr()
    main(["explain", f"compose.yaml:{number}"])
    assert capsys.readouterr().out == (
        f"compose.yaml:{number}: LOG_LEVEL: info\n"
        "\n"
        "  services.shop.environment.LOG_LEVEL in local\n"
        "    env.LOG_LEVEL, set by service at service.yaml:7:14\n"
        "    7 |   LOG_LEVEL: info\n"
    )


def test_every_line_of_every_file_is_answered(folder: Path) -> None:
    compiled = compile_(Request((folder,), Path.as_posix, date(2026, 1, 1)))
    answered = 0
    for piece in compiled.pieces:
        rendered = piece.target.render(piece.artifact)
        for path, text in rendered.files.items():
            first = min((row for file, row in rendered.lines.values() if file == path), default=0)
            for number, written in enumerate(text.split("\n"), 1):
                found = line_of(piece, rendered, path, number)
                assert (found.text, found.whole) == (written, not first)
                assert not [one for one in found.causes if not one.part.isprintable()]
                assert found.causes or not first or number < first, (path, number)  # but for the head of a file
                answered += bool(found.causes)
            assert line(compiled, path, 1) == line_of(piece, rendered, path, 1)
    assert answered > 800


def test_values_of_a_chart_come_from_what_prints_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (cause,) = _explained(capsys, "chart/values-production.yaml", "replicaCount")
    assert (cause["route"], cause["line"], cause["environments"]) == ("scale", 10, ["production"])
    causes = _explained(capsys, "chart/values.yaml", "LOG_LEVEL")
    assert {(cause["route"], cause["line"]) for cause in causes} == {("env.LOG_LEVEL", 7)}


PATCHED = """\
  dev: {account: {annotations: {eks: a}}}
  live: {patches: [{target: kubernetes/ServiceAccount, merge: {metadata: {annotations: {y: b}}}}]}
"""


@pytest.mark.parametrize(
    ("file", "words", "part", "route", "environment"),
    [
        ("values-live.yaml", '"y": b', "metadata.annotations.y", "patches[0].merge.metadata.annotations.y", "live"),
        (
            "values-live.yaml",
            "  annotations:",
            "metadata.annotations.y",
            "patches[0].merge.metadata.annotations.y",
            "live",
        ),
        ("values-live.yaml", "eks: null", "metadata.annotations.eks", "account", "dev"),
        ("values.yaml", "eks: a", "metadata.annotations.eks", "account", "dev"),
    ],
)
def test_keys_of_values_come_from_what_brings_them(
    file: str,
    words: str,
    part: str,
    route: str,
    environment: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "service.yaml").write_text(SPEC.partition("  staging:")[0] + PATCHED)
    assert main(["compile", "--quiet"]) == Exit.CLEAN
    (cause,) = _explained(capsys, f"chart/{file}", words)
    assert (cause["part"], cause["route"], cause["environments"]) == (part, route, [environment])
    assert cause["layer"] != "default"


@pytest.mark.parametrize("file", ["chart/README.md", "chart/Chart.yaml", "terraform/environments/production.tfvars"])
def test_of_other_files_nothing_is_said_that_is_not_known(
    file: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["explain", f"{file}:4"]) == Exit.CLEAN
    assert "svc makes this file of the spec as a whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "with .Values.podAnnotations",
            "  spec.template.metadata.annotations\n    `podAnnotations` of the chart's values, for whoever installs it:",
        ),
        ("      affinity:", "  spec.template.spec\n    `affinity` of the chart's values, for whoever installs it:"),
        ("shop.podLabels", "  spec.template.metadata.labels\n    a default of svc for every service:"),
        (
            "oncall",
            "  spec.template.metadata.annotations.team.acme.com/oncall\n    annotations.team.acme.com/oncall, set",
        ),
        (".Values.replicaCount", "  spec.replicas in staging\n    scale, set by environment staging"),
    ],
)
def test_lines_of_values_and_helpers_belong_to_what_they_are_printed_into(
    words: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "service.yaml").write_text(SPEC + "annotations: {team.acme.com/oncall: shop}\n")
    assert main(["compile", "--quiet"]) == Exit.CLEAN
    texts = Path("chart/templates/deployment.yaml").read_text().split("\n")
    number = next(n for n, line in enumerate(texts, 1) if words in line)
    capsys.readouterr()
    main(["explain", f"chart/templates/deployment.yaml:{number}"])
    assert said in capsys.readouterr().out


def test_a_line_that_was_edited_by_hand_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "compose.yaml"
    file.write_text(file.read_text().replace("LOG_LEVEL: info", "LOG_LEVEL: debug"))
    number = next(n for n, line in enumerate(file.read_text().split("\n"), 1) if "LOG_LEVEL" in line)
    assert main(["explain", f"compose.yaml:{number}"]) == Exit.CLEAN
    assert "is not what svc writes now" in capsys.readouterr().err


@pytest.mark.parametrize(("what", "said"), [("gone.yaml:3", "no such file"), ("compose.yaml:9999", "lines")])
def test_what_is_not_there(folder: Path, what: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", what]) == Exit.INVALID
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


def test_a_file_that_svc_did_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("a: 1\n")
    assert main(["explain", "mine.yaml:1"]) == Exit.INVALID
    assert "it explains generated files" in capsys.readouterr().err

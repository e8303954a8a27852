"""The commands as their users see them: exit codes, files, reports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from disk import contents
from svc.cli.exits import Exit
from svc.cli.main import main

ROOT = Path(__file__).parents[2]
SPEC = f"""apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
environments:
  staging: {{scale: 1}}
  production: {{scale: 3}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(SPEC)
    return tmp_path


def test_exit_codes_are_unique_and_said_in_the_readme() -> None:
    values = [int(one) for one in Exit]
    assert len(values) == len(set(values)) == 5
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("Exit codes"))
    assert all(f"{value} " in line for value in values)


def test_compile_then_check_then_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "--check"]) == Exit.FINDINGS
    assert main(["compile"]) == Exit.CLEAN
    written = contents(folder)
    assert {"chart/Chart.yaml", "compose.yaml", ".github/workflows/shop.yaml", "chart/values-production.yaml"} <= set(
        written
    )
    assert main(["compile", "--check"]) == Exit.CLEAN
    assert main(["compile"]) == Exit.CLEAN
    assert contents(folder) == written
    (folder / "service.yaml").write_text(SPEC.replace("scale: 3", "scale: 4"))
    assert main(["compile", "--check"]) == Exit.FINDINGS
    capsys.readouterr()
    assert main(["compile", "--diff"]) == Exit.CLEAN
    assert "+replicaCount: 4" in capsys.readouterr().out
    assert {key: value for key, value in contents(folder).items() if key != "service.yaml"} == {
        key: value for key, value in written.items() if key != "service.yaml"
    }


def test_an_error_stops_before_the_first_byte(folder: Path) -> None:
    assert main(["compile"]) == Exit.CLEAN
    (folder / "service.yaml").write_text(SPEC.replace("@sha256:" + "a" * 64, ""))
    before = contents(folder)
    assert main(["compile"]) == Exit.FINDINGS
    assert contents(folder) == before
    (folder / "service.yaml").write_text(SPEC.replace("ports:", "port:"))
    before = contents(folder)
    assert main(["compile"]) == Exit.INVALID
    assert contents(folder) == before


def test_an_edited_output_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile"]) == Exit.CLEAN
    (folder / "compose.yaml").write_text("mine: 1\n")
    (folder / "service.yaml").write_text(SPEC.replace("8080", "9090"))
    before = contents(folder)
    assert main(["compile"]) == Exit.INVALID
    assert "was edited by hand" in capsys.readouterr().out
    assert contents(folder) == before
    assert main(["compile", "--force"]) == Exit.CLEAN


def test_only_what_is_asked_for(folder: Path) -> None:
    assert main(["compile", "--target", "helm", "--env", "staging", "--out", "out"]) == Exit.CLEAN
    names = set(contents(folder / "out"))
    assert "chart/values-staging.yaml" in names
    assert "chart/values-production.yaml" not in names
    assert not {"compose.yaml", "Dockerfile"} & names


def test_set_is_above_all_layers(folder: Path) -> None:
    assert main(["compile", "--target", "helm", "--set", "scale=7", "--set", "env.A=1.10"]) == Exit.CLEAN
    values = (folder / "chart/values.yaml").read_text()
    assert "replicaCount: 7" in values
    assert 'A: "1.10"' in values


@pytest.mark.usefixtures("folder")
def test_a_lint_judges_what_set_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "service.yaml", "--set", "user=0"]) == Exit.FINDINGS
    printed = capsys.readouterr().out
    assert "error[runs-as-root]" in printed
    assert "--set user=0" in printed
    assert main(["lint", "service.yaml"]) == Exit.CLEAN
    assert main(["lint", "service.yaml", "--set", "user"]) == Exit.INVALID


@pytest.mark.parametrize(
    "arguments",
    [
        ["compile", "--target", "helmm"],
        ["compile", "--env", "nowhere"],
        ["compile", "nowhere.yaml"],
        ["nonsense"],
        ["compile", "--set", "x"],
        ["explain", "nothing"],
        ["lint", "--kubernetes", "x"],
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str], folder: Path) -> None:
    before = contents(folder)
    assert main(arguments) == Exit.INVALID
    assert contents(folder) == before


def _json(capsys: pytest.CaptureFixture[str]) -> Any:
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, json.loads((ROOT / "schemas/report.schema.json").read_text()))
    return data


def test_json_findings_point_at_the_spec_and_at_the_generated_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "service.yaml").write_text(SPEC.replace("@sha256:" + "a" * 64, ""))
    assert main(["compile", "--format", "json"]) == Exit.FINDINGS
    finding = next(one for one in _json(capsys)["findings"] if one["policy"] == "image-not-pinned")
    assert (finding["file"], finding["line"], finding["column"], finding["route"]) == ("service.yaml", 3, 8, "image")
    assert finding["waived"] is False
    assert finding["related"][0]["file"] == "chart/templates/deployment.yaml"


def test_a_waiver_is_seen_and_does_not_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = "waivers:\n  - {policy: CKV_K8S_43, at: image, reason: pinned by the mirror, until: 2099-01-01}\n"
    (folder / "service.yaml").write_text(SPEC.replace("@sha256:" + "a" * 64, "") + waiver)
    assert main(["lint", "service.yaml", "--format", "json"]) == Exit.CLEAN
    waived = [one for one in _json(capsys)["findings"] if one["policy"] == "image-not-pinned"]
    assert [one["waived"] for one in waived] == [True]


def test_sarif_has_what_code_scanning_needs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "service.yaml", "--format", "sarif"]) == Exit.CLEAN
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert run["tool"]["driver"]["name"] == "svc"
    (folder / "Dockerfile").write_text("FROM python\n")
    assert main(["lint", "Dockerfile", "--format", "sarif"]) == Exit.FINDINGS
    result = json.loads(capsys.readouterr().out)["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "Dockerfile"
    assert result["partialFingerprints"]


HAND_WRITTEN = {
    "Dockerfile": ("FROM python:latest\nUSER root\n", "base-image-latest"),
    "pod.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true, containers: [{name: a, image: a}]}\n",
        "host-namespace",
    ),
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{uses: actions/checkout@v4}]\n",
        "action-not-pinned",
    ),
    "main.tf": ('resource "aws_db_instance" "a" {\n  publicly_accessible = true\n}\n', "database-public"),
}


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_hand_written_artifacts_are_judged_at_their_lines(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text, policy = HAND_WRITTEN[name]
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    main(["lint", ".", "--format", "json"])
    findings = _json(capsys)["findings"]
    assert policy in {one["policy"] for one in findings}, sorted({one["policy"] for one in findings})
    assert all(one["file"] == name and one["line"] > 0 for one in findings)


def test_what_cannot_be_read_is_never_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in {"a.yaml": b"a: [\n", "b.txt": b"hello\n", "c.yaml": b"\xff\xfe", "d.tf": b"resource {"}.items():
        (tmp_path / name).write_bytes(data)
        assert main(["lint", name]) == Exit.INVALID, name
    assert main(["lint", "nowhere.yaml"]) == Exit.INVALID


def _modules(*arguments: str) -> set[str]:
    code = f"import sys\nfrom svc.cli.main import main\nmain({list(arguments)!r})\nsys.stderr.write(chr(10).join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_light_commands_import_nothing_heavy(tmp_path: Path) -> None:
    heavy = {"pydantic", "jinja2", "jsonschema"}
    assert not heavy & _modules("--version")
    for name, (text, _) in HAND_WRITTEN.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        assert not heavy & _modules("lint", str(path)), name

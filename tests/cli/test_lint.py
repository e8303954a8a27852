"""`svc lint` as its users call it: what is read, what counts, what is waived, and in which form it is said."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from svc import assets
from svc.cli.exits import Exit
from svc.cli.main import main

DOCKERFILE = "FROM alpine:3.20\nCMD top\n"
"""Runs as root (error), has no digest and a shell form (warnings)."""

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.25
      securityContext:
        privileged: true
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


class Ran(SimpleNamespace):
    code: int
    out: str
    err: str
    findings: list[dict[str, Any]]

    @property
    def counting(self) -> set[str]:
        return {one["policy"] for one in self.findings if not one["waived"] and not one.get("known")}

    @property
    def waived(self) -> set[str]:
        return {one["policy"] for one in self.findings if one["waived"]}


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*options: str) -> Ran:
        capsys.readouterr()
        code = main(["lint", "--format", "json", *options])
        captured = capsys.readouterr()
        findings = json.loads(captured.out)["findings"] if captured.out else []
        return Ran(code=code, out=captured.out, err=captured.err, findings=findings)

    return run


def test_standard_input_is_judged_by_the_name_it_is_given(
    folder: Path, lint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"FROM alpine:3.20\n")))
    ran = lint("-", "--stdin-filename", "images/Dockerfile")
    assert ran.code == Exit.FINDINGS
    assert {one["file"] for one in ran.findings} == {"images/Dockerfile"}


def test_standard_input_without_a_name_is_known_by_its_content(
    folder: Path, lint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(POD.encode())))
    assert "privileged-container" in lint("-").counting


def test_select_runs_these_alone_and_ignore_all_but_these(folder: Path, lint: Any) -> None:
    everything = lint().counting
    assert lint("--select", "CKV_DOCKER_3").counting == {"image-runs-as-root"}
    assert lint("--ignore", "image-runs-as-root").counting == everything - {"image-runs-as-root"}
    assert lint("--ignore", "image-runs-as-root").code == Exit.CLEAN


def test_a_contested_policy_runs_when_it_is_selected(folder: Path, lint: Any) -> None:
    assert lint("--profile", "baseline", "--select", "healthcheck-missing").counting == {"healthcheck-missing"}


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_policy_that_is_not_there_is_a_mistake(folder: Path, lint: Any, option: str) -> None:
    ran = lint(option, "image-runs-as-rot")
    assert ran.code == Exit.INVALID
    assert "image-runs-as-root" in ran.findings[0]["message"]


def test_comments_waive_until_a_gate_forbids_it(folder: Path, lint: Any) -> None:
    (folder / "Dockerfile").write_text(
        f"# svc: ignore=image-runs-as-root reason=a tool for one's own machine\n{DOCKERFILE}"
    )
    ran = lint()
    assert (ran.code, ran.waived) == (Exit.CLEAN, {"image-runs-as-root"})
    for option in ("--no-inline-waivers", "--gate"):
        assert "image-runs-as-root" in lint(option).counting


def test_a_comment_for_another_line_waives_nothing(folder: Path, lint: Any) -> None:
    (folder / "Dockerfile").write_text(f"{DOCKERFILE}# svc: ignore=image-runs-as-root reason=too late\nUSER 0\n")
    ran = lint()
    assert "waiver-unused" not in ran.counting
    assert ran.waived == {"image-runs-as-root"}
    (folder / "Dockerfile").write_text(f"{DOCKERFILE}# svc: ignore=image-runs-as-root reason=too late\nLABEL a=b\n")
    ran = lint()
    assert {"image-runs-as-root", "waiver-unused"} <= ran.counting


WAIVERS = """\
waivers:
  - policy: DL3002
    file: "*ockerfile"
    reason: a tool for one's own machine
    until: {until}
    owner: tools
"""


def test_a_file_of_waivers(folder: Path, lint: Any) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS.format(until="2999-01-01"))
    ran = lint("Dockerfile", "--gate", "--waivers", "waivers.yaml")
    assert (ran.code, ran.waived) == (Exit.CLEAN, {"image-runs-as-root"})


def test_a_waiver_that_is_over_is_an_error(folder: Path, lint: Any) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS.format(until="2020-01-01"))
    ran = lint("Dockerfile", "--waivers", "waivers.yaml")
    assert ran.code == Exit.FINDINGS
    assert {"waiver-expired", "image-runs-as-root"} <= ran.counting


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("waivers: [{policy: x, reason: y}]\n", "waiver-unknown-policy"),
        ("waivers: [{policy: image-runs-as-root}]\n", "missing-key"),
        ("waiver: []\n", "unknown-key"),
        ("waivers: [\n", "yaml-syntax"),
    ],
)
def test_a_file_of_waivers_that_is_wrong(folder: Path, lint: Any, text: str, name: str) -> None:
    (folder / "waivers.yaml").write_text(text)
    ran = lint("Dockerfile", "--waivers", "waivers.yaml")
    assert ran.code == Exit.INVALID
    assert name in {one["policy"] for one in ran.findings}
    assert all(one["file"] == "waivers.yaml" for one in ran.findings if one["policy"] == name)


def test_the_workspace_decides_for_hand_written_files_too(folder: Path, lint: Any) -> None:
    (folder / "svc-workspace.yaml").write_text(
        "apiVersion: svc/v1\nkind: Workspace\npolicy:\n  severities: {image-runs-as-root: 'off', base-image-not-pinned: error}\n"
    )
    ran = lint()
    assert "image-runs-as-root" not in ran.counting
    assert {one["severity"] for one in ran.findings if one["policy"] == "base-image-not-pinned"} == {"error"}


def test_a_mandatory_policy_is_neither_waived_nor_ignored(folder: Path, lint: Any) -> None:
    (folder / "svc-workspace.yaml").write_text(
        "apiVersion: svc/v1\nkind: Workspace\npolicy: {mandatory: [image-runs-as-root]}\n"
    )
    (folder / "Dockerfile").write_text(f"# svc: ignore=image-runs-as-root reason=please\n{DOCKERFILE}")
    ran = lint()
    assert {"image-runs-as-root", "waiver-of-mandatory"} <= ran.counting
    assert not ran.waived
    assert lint("--ignore", "DL3002").code == Exit.INVALID


def test_a_baseline_does_not_cover_a_mandatory_policy(folder: Path, lint: Any) -> None:
    assert main(["lint", "--write-baseline", "known.json"]) == Exit.CLEAN
    (folder / "svc-workspace.yaml").write_text(
        "apiVersion: svc/v1\nkind: Workspace\npolicy: {mandatory: [image-runs-as-root]}\n"
    )
    ran = lint("--baseline", "known.json")
    assert ran.code == Exit.FINDINGS
    assert ran.counting == {"image-runs-as-root"}


def test_the_workspace_file_alone_waives_a_mandatory_policy(folder: Path, lint: Any) -> None:
    (folder / "svc-workspace.yaml").write_text(
        "apiVersion: svc/v1\nkind: Workspace\npolicy: {mandatory: [image-runs-as-root]}\n"
        "waivers:\n  - {policy: image-runs-as-root, reason: the owner accepts it, until: 2099-01-01}\n"
    )
    ran = lint()
    assert not {"image-runs-as-root", "waiver-of-mandatory"} & ran.counting
    assert ran.waived


def test_a_mandatory_policy_runs_in_every_profile_and_cannot_be_off(folder: Path, lint: Any) -> None:
    workspace = "apiVersion: svc/v1\nkind: Workspace\npolicy: {profile: baseline, mandatory: [healthcheck-missing]%s}\n"
    (folder / "svc-workspace.yaml").write_text(workspace % "")
    assert "healthcheck-missing" in lint("--profile", "baseline").counting
    assert "healthcheck-missing" not in lint("--policy-set", "pss-baseline").counting
    (folder / "svc-workspace.yaml").write_text(workspace % ", severities: {healthcheck-missing: 'off'}")
    ran = lint()
    assert ran.code == Exit.INVALID
    assert "policy-mandatory" in ran.counting


def test_a_baseline_lets_new_findings_alone_fail(folder: Path, lint: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--write-baseline", "known.json"]) == Exit.CLEAN
    assert lint("Dockerfile", "--baseline", "known.json").code == Exit.CLEAN
    (folder / "Dockerfile").write_text("# a line more\n" + DOCKERFILE)
    ran = lint("Dockerfile", "--baseline", "known.json")
    assert (ran.code, ran.counting) == (Exit.CLEAN, set())
    (folder / "pod.yaml").write_text(POD)
    ran = lint(".", "--baseline", "known.json")
    assert ran.code == Exit.FINDINGS
    assert {one["file"] for one in ran.findings if not one.get("known")} == {"pod.yaml"}


def test_a_baseline_that_is_none_stops_the_run(folder: Path, lint: Any) -> None:
    (folder / "known.json").write_text("[]")
    ran = lint("Dockerfile", "--baseline", "known.json")
    assert (ran.code, {one["policy"] for one in ran.findings}) == (Exit.INVALID, {"baseline-invalid"})
    assert lint("Dockerfile", "--baseline", "gone.json").code == Exit.INVALID


def test_several_reports_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forms = ["--format", "concise", "--format", "sarif=out/svc.sarif", "--format", "json=out/svc.json"]
    assert main(["lint", "Dockerfile", *forms]) == Exit.FINDINGS
    assert "error[image-runs-as-root]" in capsys.readouterr().out
    assert json.loads((folder / "out/svc.sarif").read_text())["version"] == "2.1.0"
    schema = json.loads((assets.schemas() / "report.schema.json").read_text())
    jsonschema.validate(json.loads((folder / "out/svc.json").read_text()), schema)


@pytest.mark.parametrize("forms", [["json", "sarif"], ["xml"], ["sarif="], ["json=a", "sarif=a"]])
def test_forms_that_cannot_be(folder: Path, forms: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    options = [part for form in forms for part in ("--format", form)]
    assert main(["lint", "Dockerfile", *options]) == Exit.INVALID
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("svc lint: ")


def test_quiet_says_what_fails_the_run_and_nothing_else(folder: Path, lint: Any) -> None:
    assert {one["severity"] for one in lint("--quiet").findings} == {"error"}
    assert {one["severity"] for one in lint("--quiet", "--fail-on", "warning").findings} == {"error", "warning"}


def test_statistics_count_by_policy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "Dockerfile", "--statistics", "--format", "concise"])
    assert "     1  error    image-runs-as-root\n" in capsys.readouterr().out


def test_colours_are_for_terminals_or_for_those_who_ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "Dockerfile"])
    assert "\x1b" not in capsys.readouterr().out
    main(["lint", "Dockerfile", "--color", "always"])
    assert "\x1b[31m" in capsys.readouterr().out


def test_a_named_file_of_no_known_kind_is_an_error_unless_a_hook_listed_it(folder: Path, lint: Any) -> None:
    (folder / "notes.yaml").write_text("a: 1\n")
    assert lint("notes.yaml").code == Exit.INVALID
    assert lint("notes.yaml", "--ignore-unknown").code == Exit.CLEAN


def test_a_file_that_cannot_be_read_is_never_clean(folder: Path, lint: Any) -> None:
    (folder / "broken.yaml").write_text("kind: Pod\n  bad: [\n")
    assert lint().code == Exit.INVALID
    assert lint("broken.yaml", "--ignore-unknown").code == Exit.INVALID

"""An organisation's own policies: in YAML, in CUE, in Python; and that a gate never checks less than it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from svc.checks import CHECKS
from svc.cli.exits import Exit
from svc.cli.main import main

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels:\n    app: web\n"
WORKSPACE = "apiVersion: svc/v1\nkind: Workspace\npolicy: {packs: [pack]}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE)
    (tmp_path / "web.yaml").write_text(DEPLOYMENT)
    return tmp_path


def _findings(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[tuple[str, int]]]:
    capsys.readouterr()
    code = main(["lint", "web.yaml", "--format", "json", *options])
    found = json.loads(capsys.readouterr().out)["findings"]
    return code, [(one["policy"], one["line"]) for one in found]


@pytest.mark.parametrize("check", ["image_registry", "cue", *sorted({"image_pinned", "run_command"} & set(CHECKS))])
def test_a_new_policy_passes_its_own_examples(folder: Path, check: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "new", "pack/acme-rule", "--check", check]) == Exit.CLEAN
    assert main(["policies", "test", "pack"]) == Exit.CLEAN
    assert "all as they say" in capsys.readouterr().out
    assert main(["policies", "new", "pack/acme-rule"]) == Exit.INVALID


def test_a_policy_in_cue_finds_at_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["policies", "new", "pack/team-missing", "--check", "cue"])
    assert _findings(capsys, "--select", "team-missing") == (Exit.FINDINGS, [("team-missing", 5)])


def test_an_across_policy_in_cue_sees_all_objects(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pack").mkdir()
    (folder / "pack/same-names.yaml").write_text(
        """\
title: Two objects have one name
severity: warning
surface: across
check: cue
profiles: [recommended]
why: x
help: y
pass:
  - [{kind: A, apiVersion: v1, metadata: {name: a}}]
fail:
  - input: [{kind: A, apiVersion: v1, metadata: {name: a}}, {kind: B, apiVersion: v1, metadata: {name: a}}]
    at: [[1, metadata, name]]
"""
    )
    (folder / "pack/same-names.cue").write_text(
        """\
#Policy: {
	input: [...{data: _, ...}]
	violations: [
		for i, one in input for j, other in input if j < i if one.data.metadata.name == other.data.metadata.name {
			{at: [i, "data", "metadata", "name"], message: "also the name of \\(other.data.kind)"}
		},
	]
}
"""
    )
    assert main(["policies", "test", "pack"]) == Exit.CLEAN
    (folder / "web.yaml").write_text(f"{DEPLOYMENT}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n")
    assert _findings(capsys, "--select", "same-names") == (Exit.CLEAN, [("same-names", 11)])


BROKEN = {
    "syntax": ("violations: [", "policy-invalid"),
    "field": (
        "#Policy: {input: _, violations: [if input.nothing.here == 1 {{at: [], message: input.gone}}]}",
        "policy-invalid",
    ),
    "form": ('#Policy: {input: _, violations: ["no"]}', "policy-invalid"),
    "silent": ("#Policy: {input: _, violations: []}", "policy-example"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_policy_in_cue_that_does_not_work_stops_the_run(
    folder: Path, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["policies", "new", "pack/team-missing", "--check", "cue"])
    text, name = BROKEN[broken]
    (folder / "pack/team-missing.cue").write_text(text + "\n")
    code, found = _findings(capsys)
    assert code == Exit.INVALID
    assert {policy for policy, _ in found} == {name}


def test_without_cue_nothing_is_called_clean(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["policies", "new", "pack/team-missing", "--check", "cue"])
    monkeypatch.setenv("SVC_TOOL_CUE", "/nowhere/cue")
    code, found = _findings(capsys)
    assert (code, [name for name, _ in found]) == (Exit.INVALID, ["cue-missing"])


def test_a_file_in_cue_that_nothing_names_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["policies", "new", "pack/team-missing", "--check", "cue"])
    (folder / "pack/other.cue").write_text("#Policy: {}\n")
    code, found = _findings(capsys)
    assert (code, [name for name, _ in found]) == (Exit.INVALID, ["policy-invalid"])


@pytest.mark.parametrize("line", ["sevrity: error", "check: nothing", "profiles: [all]"])
def test_a_malformed_policy_stops_the_run(folder: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["policies", "new", "pack/acme-rule"])
    file = folder / "pack/acme-rule.yaml"
    key = line.partition(":")[0]
    kept = [one for one in file.read_text().splitlines() if not one.startswith(f"{key}:")]
    file.write_text("\n".join([line, *kept, ""]))
    code, found = _findings(capsys)
    assert code == Exit.INVALID
    assert {name for name, _ in found} == {"policy-invalid"}


PLUGIN = """\
from dataclasses import dataclass

SURFACE = "kubernetes"


@dataclass(frozen=True)
class Params:
    label: str = "team"


def check(manifest, params):
    if params.label not in manifest.tree.get("metadata", "labels", default={}):
        yield ("metadata",), f"no label {params.label}"
"""


def _plugin(folder: Path) -> None:
    """An installed package with a check, as pip leaves it."""
    site = folder / "site"
    (site / "acme_checks-1.0.dist-info").mkdir(parents=True)
    (site / "acme_label.py").write_text(PLUGIN)
    (site / "acme_checks-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: acme-checks\nVersion: 1.0\n")
    (site / "acme_checks-1.0.dist-info/entry_points.txt").write_text("[svc.checks]\nlabel = acme_label\n")
    main(["policies", "new", "pack/team-label"])
    (folder / "pack/team-label.yaml").write_text(
        """\
title: No team
severity: error
surface: kubernetes
check: acme-checks:label
profiles: [recommended]
why: x
help: y
pass: [{kind: A, apiVersion: v1, metadata: {name: a, labels: {team: b}}}]
fail: [{input: {kind: A, apiVersion: v1, metadata: {name: a}}, at: [[metadata]]}]
"""
    )


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(folder / 'site')!r}); from svc.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "lint", "web.yaml", "--select", "team-label", "--format", "concise"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_check_of_another_package(folder: Path) -> None:
    _plugin(folder)
    (folder / "svc-workspace.yaml").write_text(WORKSPACE.replace("[pack]", "[pack], plugins: [acme-checks]"))
    done = _lint(folder)
    assert done.stdout == "web.yaml:3:1: error[team-label] no label team\n"
    assert done.returncode == Exit.FINDINGS


def test_a_package_that_the_workspace_does_not_name_judges_nothing(folder: Path) -> None:
    _plugin(folder)
    done = _lint(folder)
    assert "uses a check of `acme-checks`, which the workspace does not name" in done.stdout
    assert done.returncode == Exit.INVALID


def test_the_list_and_a_policy_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "list", "--format", "json", "--surface", "docker"]) == Exit.CLEAN
    listed = json.loads(capsys.readouterr().out)
    assert {one["surface"] for one in listed} == {"docker"}
    assert main(["policies", "show", listed[0]["id"]]) == Exit.CLEAN
    assert listed[0]["title"] in capsys.readouterr().out
    assert main(["policies", "show", "nothing-like-it"]) == Exit.INVALID


def test_policies_of_the_workspace_are_listed_and_explained(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policies", "new", "policies/registry-not-ours"]) == Exit.CLEAN
    (folder / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\npolicy: {packs: [policies]}\n")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    for command in (["explain", "registry-not-ours"], ["policies", "show", "registry-not-ours"], ["policies", "list"]):
        capsys.readouterr()
        assert main(command) == Exit.CLEAN
        assert "registry-not-ours" in capsys.readouterr().out
    (folder / "policies/registry-not-ours.yaml").write_text("title: x\n")
    assert main(["explain", "image-latest"]) == Exit.CLEAN
    assert main(["explain", "registry-not-ours"]) == Exit.INVALID
    assert main(["policies", "list"]) == Exit.INVALID


@pytest.mark.parametrize(("option", "meant"), [("--surface=dokcer", "docker"), ("--profile=strickt", "strict")])
def test_a_list_of_what_is_not_there_is_a_mistake(option: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "list", option]) == Exit.INVALID
    assert f"did you mean `{meant}`?" in capsys.readouterr().err


def test_a_policy_that_is_never_read_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["policies", "new", "policies/registry-not-ours"])
    main(["policies", "new", "policies/registry-not-theirs"])
    (folder / "policies/registry-not-theirs.yaml").rename(folder / "policies/registry-not-theirs.yml")
    assert main(["policies", "test", "policies"]) == Exit.INVALID
    assert "registry-not-theirs.yml" in capsys.readouterr().out


def test_files_of_other_programs_beside_the_policies_are_nothing_to_us(folder: Path) -> None:
    main(["policies", "new", "policies/registry-not-ours"])
    (folder / "policies/.gitlab-ci.yml").write_text("check:\n  script: [make]\n")
    (folder / "policies/.pre-commit-config.yaml").write_text("repos: []\n")
    (folder / "policies/mkdocs.yml").write_text("site_name: policies\nextra:\n  check: no\n")
    assert main(["policies", "test", "policies"]) == Exit.CLEAN


def test_a_surface_without_policies_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "list", "--format", "json", "--surface", "service"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out) == []

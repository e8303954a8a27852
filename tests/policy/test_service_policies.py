"""Policies over the resolved service: in YAML, in CUE, in Python; found at the spec's line, waived as any other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main
from svc.diagnostics import Route
from svc.policy.starts import CHECKS, SURFACES
from svc.resolve.view_shape import misfit, problem
from svc.routes import parse_route

SPEC = """\
apiVersion: svc/v1
name: web
image: registry.example.com/web:1.2.3@sha256:1111111111111111111111111111111111111111111111111111111111111111
ports: {http: 8080}
resources:
  limits: {cpu: 8, memory: 1Gi}
environments:
  staging: {scale: 1}
  production:
    scale: 1
"""
WORKSPACE = "apiVersion: svc/v1\nkind: Workspace\ntargets: [helm]\npolicy: {packs: [pack]}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE)
    (tmp_path / "service.yaml").write_text(SPEC)
    return tmp_path


def _new(name: str, *options: str) -> None:
    assert main(["policies", "new", f"pack/{name}", *options]) == Exit.CLEAN


def _findings(
    capsys: pytest.CaptureFixture[str], name: str, verb: str = "lint", *options: str
) -> list[tuple[str, int]]:
    capsys.readouterr()
    main([verb, "service.yaml", "--format", "json", "--select", name, *options])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(one["policy"], one["line"]) for one in found if not one["waived"]]


@pytest.mark.parametrize("check", CHECKS)
def test_a_new_policy_over_a_check_without_one(folder: Path, check: str) -> None:
    _new("acme-rule", "--check", check)
    assert main(["policies", "test", "pack"]) == Exit.CLEAN


@pytest.mark.parametrize("surface", SURFACES)
def test_a_new_policy_in_cue_over_every_surface(folder: Path, surface: str) -> None:
    _new("acme-rule", "--check", "cue", "--surface", surface)
    assert main(["policies", "test", "pack"]) == Exit.CLEAN


@pytest.mark.parametrize(
    ("check", "line"),
    [("service_required", 1), ("service_range", 10), ("service_pattern", 2), ("service_allowed", None)],
)
def test_a_check_finds_at_the_line_of_the_spec(
    folder: Path, check: str, line: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    _new("acme-rule", "--check", check)
    assert _findings(capsys, "acme-rule") == ([("acme-rule", line)] if line else [])


@pytest.mark.parametrize("verb", ["lint", "compile"])
def test_lint_and_compile_say_the_same(folder: Path, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    _new("replicas-few", "--check", "service_range")
    options = ["--out", "made"] if verb == "compile" else []
    assert _findings(capsys, "replicas-few", verb, *options) == [("replicas-few", 10)]


CPU = """\
#Policy: {
	input: {workloads: [...], ...}
	violations: [
		for i, one in input.workloads for j, process in one.processes if process.resources.limits.cpu > 4 {
			{at: ["workloads", i, "processes", j, "resources", "limits", "cpu"], message: "more than 4 CPU"}
		},
	]
}
"""


def test_a_rule_in_cue_has_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _new("cpu-beyond-quota", "--check", "cue", "--surface", "service")
    (folder / "pack/cpu-beyond-quota.cue").write_text(CPU)
    assert main(["policies", "test", "pack"]) == Exit.CLEAN
    assert _findings(capsys, "cpu-beyond-quota") == [("cpu-beyond-quota", 6)]


def test_a_waiver_in_the_spec_covers_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _new("replicas-few", "--check", "service_range")
    waiver = "waivers:\n  - {policy: replicas-few, at: scale, reason: a batch of one}\n"
    (folder / "service.yaml").write_text(SPEC + waiver)
    assert _findings(capsys, "replicas-few") == []


PLUGIN = """\
from dataclasses import dataclass

SURFACE = "service"


@dataclass(frozen=True)
class Params:
    most: int = 2


def check(view, params):
    for index, one in enumerate(view.tree.get("workloads", default=[])):
        if one["scale"]["min"] < params.most:
            yield ("workloads", index, "scale", "min"), "too few"
"""
POLICY = """\
title: Too few
severity: error
surface: service
check: acme-checks:few
profiles: [recommended]
why: x
help: y
pass: [{workloads: [{scale: {min: 2}}]}]
fail: [{input: {workloads: [{scale: {min: 1}}]}, at: [[workloads, 0, scale, min]]}]
"""


def test_a_check_of_another_package(folder: Path) -> None:
    info = folder / "site/acme_checks-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "site/acme_few.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-checks\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[svc.checks]\nfew = acme_few\n")
    (folder / "pack").mkdir()
    (folder / "pack/too-few.yaml").write_text(POLICY)
    (folder / "svc-workspace.yaml").write_text(WORKSPACE.replace("[pack]", "[pack], plugins: [acme-checks]"))
    code = f"import sys; sys.path.insert(0, {str(folder / 'site')!r}); from svc.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "lint", "service.yaml", "--select", "too-few", "--format", "concise"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "service.yaml:8:20: error[too-few] too few",
        "service.yaml:10:12: error[too-few] too few",
    ]


WRONG = {
    "no path": ("params: {key: team}", "params: {}", "a path is needed"),
    "a slip in the path": ("{key: team}", "{key: taem}", "`a service` has no `taem`; did you mean `team`?"),
    "a slip far below": ("{key: team}", '{key: "**.limitz.cpu"}', "there is no `limitz` anywhere below; did you mean"),
    "a role": ("{key: team}", "{key: team, roles: [leader]}", "there is no role `leader`"),
    "a slip in an example": ("team: shop", "taem: shop", "there is no `taem` in a service; did you mean `team`?"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_would_judge_nothing_stops_the_run(folder: Path, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, message = WRONG[wrong]
    _new("owner-missing", "--check", "service_required")
    file = folder / "pack/owner-missing.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    capsys.readouterr()
    assert main(["lint", "service.yaml"]) == Exit.INVALID
    assert message in capsys.readouterr().out


BOUNDS = {
    "no bound": ("service_range", 'at_least: "2"', 'at_least: ""', "must say a bound"),
    "no number": ("service_range", 'at_least: "2"', 'at_least: "two"', "no number or quantity: `two`"),
    "no pattern": ("service_pattern", "'^(shop|pay)-'", "'('", "no regular expression"),
    "a pattern beyond measure": ("service_pattern", "'^(shop|pay)-'", "'a{99999999999}'", "no regular expression"),
    "no values": ("service_allowed", "allowed: [eu-*]", "allowed: []", "must name values"),
}


@pytest.mark.parametrize("wrong", BOUNDS)
def test_parameters_that_demand_nothing_stop_the_run(
    folder: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check, old, new, message = BOUNDS[wrong]
    _new("acme-rule", "--check", check)
    file = folder / "pack/acme-rule.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    capsys.readouterr()
    assert main(["policies", "test", "pack"]) == Exit.INVALID
    assert message in capsys.readouterr().out


def test_what_policies_see_can_be_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "input", "--env", "production"]) == Exit.CLEAN
    out = capsys.readouterr().out
    assert "environment: production" in out
    assert "cpu: 8\n" in out
    assert main(["policies", "input", "--env", "prodution"]) == Exit.INVALID


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("workloads[*].processes[*].env[*].value.kind", True),
        ('labels["example.com/team"]', True),
        ("manifests[*].data.spec.whatever", True),
        ("access.incoming[*].ports[*][0]", True),
        ("**.storage_class", True),
        ("workloads[*].server", False),
        ("team.name", False),
    ],
)
def test_paths_are_known(path: str, right: bool) -> None:
    assert (problem(parse_route(path)) == "") is right


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "fixtures/real").glob("*/service.yaml")), ids=str)
def test_the_shape_holds_every_view(path: Path) -> None:
    """What is documented is what real services give: every key of every view is in the shape."""
    from datetime import date

    from svc.pipeline import Request, compile_
    from svc.policy.services import subjects

    units = compile_(Request((path,), Path.as_posix, date(2027, 1, 1), targets=("docker",))).units
    seen = [one.artifact.tree for unit in units for one in subjects(unit)]
    assert seen
    wrong: list[tuple[Route, str] | None] = [misfit(one.data) for one in seen]
    assert not any(wrong)
    assert all(one.get("workloads", 0, "processes", 0, "name") for one in seen)

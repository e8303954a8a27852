"""`svc policies export --to admission`: what comes out follows the workspace, and what is left out is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judges import real
from svc import tools
from svc.cli.exits import Exit
from svc.cli.export import NAMESPACES
from svc.cli.main import main
from svc.parse import parse
from svc.policy.admission import SYSTEM_NAMESPACES
from svc.source import Source

ROOT = Path(__file__).parents[2]
WORKSPACE = """\
apiVersion: svc/v1
policy:
  packs: [policies]
  severities: {host-path: "off", host-port: warning, single-replica: error}
waivers:
  - {policy: image-not-pinned, reason: the mirror comes later, until: 2999-01-01, owner: platform}
"""
PACK = """\
title: Image comes from another registry than ours
severity: error
surface: kubernetes
check: image_registry
profiles: [baseline, recommended, strict]
params: {allowed: [registry.example.com]}
why: Nobody scanned it.
help: Push it to ours.
pass:
  - containers: [{name: web, image: registry.example.com/web:1}]
fail:
  - input: {containers: [{name: web, image: "docker.io/web:1"}]}
    at: [[containers, 0, image]]
"""
CUE = """\
title: Deployment of nobody
severity: error
surface: kubernetes
check: cue
profiles: [recommended, strict]
why: Nobody is called.
help: Name a team.
pass:
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {team: shop}}}
fail:
  - input: {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {app: web}}}
    at: [[metadata, labels]]
"""
CUE_TEXT = """\
package policy

#Policy: {
	input: {metadata?: {labels?: {...}, ...}, ...}
	violations: [
		if input.metadata.labels.team == _|_ {at: ["metadata", "labels"], message: "no team"},
	]
}
"""


def exported(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[dict[str, Any], str, str]:
    """The policies by name, the text, and what was said."""
    code = main(["policies", "export", "--to", "admission", *options])
    out, said = capsys.readouterr()
    assert code == Exit.CLEAN, said
    objects = [one.data for one in parse(Source("out.yaml", out)).documents]
    policies = {one["metadata"]["name"]: one for one in objects if one["kind"] == "ValidatingAdmissionPolicy"}
    bound = [one["spec"]["policyName"] for one in objects if one["kind"] == "ValidatingAdmissionPolicyBinding"]
    assert sorted(bound) == sorted(policies)
    return policies, out, said


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "registry-not-ours.yaml").write_text(PACK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_workspace_decides(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies, _, said = exported(capsys)
    assert {"svc-host-path", "svc-host-port"}.isdisjoint(policies)
    assert {"svc-single-replica", "svc-registry-not-ours", "svc-privileged-container"} <= set(policies)
    assert "registry.example.com/" in json.dumps(policies["svc-registry-not-ours"])
    assert "the waiver of image-not-pinned does not reach the cluster" in said


def test_the_command_line_decides(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = set(exported(capsys, "--policy-set", "pss-baseline")[0])
    restricted = set(exported(capsys, "--policy-set", "pss-restricted")[0])
    assert "svc-capabilities-not-dropped" in restricted - baseline
    assert set(exported(capsys, "--select", "CKV_K8S_16")[0]) == {"svc-privileged-container"}
    assert "svc-privileged-container" not in exported(capsys, "--ignore", "privileged-container")[0]
    assert "svc-probe-of-another-host" not in exported(capsys, "--kubernetes", "1.33")[0]


def test_what_is_left_out_is_said_twice(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real.located("cue")
    (workspace / "policies" / "team-missing.yaml").write_text(CUE)
    (workspace / "policies" / "team-missing.cue").write_text(CUE_TEXT)
    _, out, said = exported(capsys)
    for policy, why in (
        ("team-missing", "it is written in CUE"),
        ("duplicate-host", "it judges objects together"),
        ("label-invalid", "the API server itself refuses such objects"),
    ):
        assert f"svc policies export: not exported: {policy}: {why}" in said
        assert f"# - {policy}: {why}" in out


def test_namespaces_are_exempt(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert NAMESPACES == SYSTEM_NAMESPACES
    assert exported(capsys)[1].count("- kube-system") == len(exported(capsys)[0])
    assert "namespaceSelector" not in exported(capsys, "--exempt", "")[1]
    assert "- legacy" in exported(capsys, "--exempt", "kube-system,legacy")[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kubernetes", "1.29"], "Kubernetes 1.29 has no ValidatingAdmissionPolicy in v1; 1.30 is the first"),
        (["--kubernetes", "new"], "--kubernetes new is not a version such as"),
        (["--select", "duplicate-host"], "nothing is left to export"),
        (["--select", "no-such-policy"], "there is no policy `no-such-policy`"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    options: list[str], said: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policies", "export", "--to", "admission", *options]) == Exit.INVALID
    out, err = capsys.readouterr()
    assert out == "" or "ValidatingAdmissionPolicy\n" not in out
    assert said in out + err


@pytest.mark.tools
def test_what_is_exported_is_valid_and_clean(
    tmp_path: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "exported" / "policies.yaml"
    file.parent.mkdir()
    file.write_text(exported(capsys, "--profile", "strict")[1], "utf-8")
    schemas = ROOT / "schemas/kubernetes/1.37"
    options = ["-strict", "-kubernetes-version", "1.37.0", "-schema-location"]
    location = f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    done = tools.run(real.located("kubeconform"), [*options, location, str(file)])
    assert done.returncode == 0, done.stdout
    assert main(["lint", str(file)]) == Exit.CLEAN

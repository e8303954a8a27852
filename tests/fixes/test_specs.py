"""`svc lint --fix` on specs and workspaces: old words, and findings whose cause is one setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc import assets
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.fixes import table
from svc.policy.load import load

IMAGE = "ghcr.io/acme/shop:1.4.2@sha256:" + "4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a"
HEAD = f"""\
# what it is
apiVersion: svc/v1
name: shop
team: payments
image: {IMAGE}
ports: {{http: 8080}}
health: {{ready: {{http: /ready}}, live: {{http: /live}}}}
resources: {{cpu: 100m, memory: 128Mi}}
"""
CASES = {
    "autoscaler-down-to-one": ("scale:\n  min: 1  # cheap\n  max: 4\n", "scale:\n  min: 2  # cheap\n  max: 4\n"),
    "dangerous-capability": (
        "capabilities:\n  - NET_BIND_SERVICE\n  - SYS_ADMIN  # once\n  - NET_RAW\n",
        "capabilities:\n  - NET_BIND_SERVICE\n",
    ),
    "exposed-without-tls": ("expose:\n  host: a.example.com\n  tls: false\n", "expose:\n  host: a.example.com\n"),
    "removes-nothing": ("env:\n  A: b\nenvironments:\n  prod:\n    env: {B: null, C: d}\n", None),
    "root-filesystem-writable": ("read_only: false\nuser: 10001\n", "user: 10001\n"),
    "runs-as-root": ("user: 0\n# others\nscale: {min: 2, max: 4}\n", "# others\nscale: {min: 2, max: 4}\n"),
    "single-replica": ("scale: 1\n", "scale: 2\n"),
    "waiver-unused": (
        "waivers:\n  - {policy: runs-as-root, reason: a}\n  - {policy: host-path, reason: b}  # second\n",
        "",
    ),
}


def lint(folder: Path, text: str, *words: str, name: str = "service.yaml") -> tuple[int, str]:
    file = folder / name
    file.write_text(text)
    code = main(["lint", "--profile", "strict", *words, str(file)])
    return code, file.read_text()


@pytest.mark.parametrize("id_", sorted(CASES))
def test_a_cause_is_changed_and_a_second_run_changes_nothing(
    id_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = CASES[id_]
    lint(tmp_path, HEAD + old, "--format", "concise")
    assert f"[{id_}]" in capsys.readouterr().out
    _, text = lint(tmp_path, HEAD + old, "--fix", "--unsafe-fixes", "--format", "concise")
    assert f"[{id_}]" not in capsys.readouterr().out
    if new is not None:
        assert text == HEAD + new
    assert lint(tmp_path, text, "--fix", "--unsafe-fixes")[1] == text


def test_every_fix_of_a_spec_has_a_case() -> None:
    assert set(CASES) == set(table.SPECS) - {"token-mounted"}
    policies = {one.id for one in load([assets.policies()]).policies}
    assert {"removes-nothing", "waiver-unused"} == set(table.SPECS) - policies


def test_unsafe_ones_wait_to_be_asked_for(tmp_path: Path) -> None:
    text = HEAD + "user: 0\n"
    assert lint(tmp_path, text, "--fix")[1] == text


@pytest.mark.parametrize(
    "more",
    ["volumes: {/data: {size: 1Gi, access: once}}\n", "workload: statefulset\n", "rollout: {strategy: recreate}\n"],
)
def test_what_keeps_something_gets_no_second_replica(
    more: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + "scale: 1\n" + more
    assert lint(tmp_path, text, "--fix", "--unsafe-fixes")[1] == text
    assert "single-replica not fixed: it has storage of its own" in capsys.readouterr().err


def test_a_setting_of_one_environment_is_changed_there(tmp_path: Path) -> None:
    text = HEAD + "environments:\n  prod:\n    scale: {min: 1, max: 3}\n  dev:\n    scale: {min: 2, max: 3}\n"
    new = lint(tmp_path, text, "--fix", "--unsafe-fixes")[1]
    assert new == text.replace("min: 1", "min: 2")


def test_old_words_are_rewritten_in_specs_and_workspaces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD.replace("svc/v1", '"svc/v1beta1"  # old')
    workspace = tmp_path / "svc-workspace.yaml"
    workspace.write_text("apiVersion: svc/v1alpha1  # older\nkind: Workspace\n")
    code, same = lint(tmp_path, text)
    said = capsys.readouterr().out
    assert (code, same) == (Exit.CLEAN, text)
    assert "`svc/v1beta1` is an old version" in said
    assert "`svc/v1alpha1` is an old version" in said
    assert lint(tmp_path, text, "--fail-on", "warning")[0] == Exit.FINDINGS
    capsys.readouterr()
    assert lint(tmp_path, text, "--fix", str(workspace))[1] == HEAD.replace("svc/v1", '"svc/v1"  # old')
    assert workspace.read_text() == "apiVersion: svc/v1  # older\nkind: Workspace\n"
    assert "deprecated" not in capsys.readouterr().out


def test_a_spec_with_an_old_version_compiles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "service.yaml").write_text(HEAD.replace("svc/v1", "svc/v1alpha1"))
    assert main(["compile", str(tmp_path)]) == Exit.CLEAN
    assert "deprecated-version" in capsys.readouterr().out


def test_a_workspace_of_an_old_version_stops_no_judgement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "svc-workspace.yaml").write_text("apiVersion: svc/v1beta1\nkind: Workspace\n")
    (tmp_path / "Dockerfile").write_text("FROM debian\nCMD a\n")
    main(["lint", "--format", "concise", str(tmp_path / "Dockerfile")])
    said = capsys.readouterr().out
    assert "deprecated-version" in said
    assert "base-image" in said


def test_remarks_on_what_goes_go_and_those_on_its_place_stay(tmp_path: Path) -> None:
    waiver = "waivers:  # ours\n  - policy: image-latest\n    reason: it was so  # why\n"
    places = "environments:\n  dev:  # ours\n    # inner\n    user: 0  # too\n  prod: {}\n"
    new = lint(tmp_path, HEAD + waiver + places, "--fix", "--unsafe-fixes")[1]
    assert new == HEAD + "environments:\n  dev: {}  # ours\n  prod: {}\n"

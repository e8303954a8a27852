"""Each file is judged by the workspace above it; none lowers what another one demands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from svc import source
from svc.cli import unchanged
from svc.cli.exits import Exit
from svc.cli.main import main

MILD = 'apiVersion: svc/v1\nkind: Workspace\npolicy: {severities: {image-runs-as-root: "off"}}\n'
FIRM = "apiVersion: svc/v1\nkind: Workspace\npolicy: {mandatory: [image-runs-as-root]}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text("FROM alpine:3.20\nCMD top\n")
    (tmp_path / "a/svc-workspace.yaml").write_text(MILD)
    return tmp_path


PATHS = [["."], ["a", "b"], ["b", "a"], ["a/Dockerfile", "b/Dockerfile"]]


def where(capsys: pytest.CaptureFixture[str], *paths: str) -> tuple[int, set[str], set[str]]:
    """The exit code, where root is found, and whether workspaces are mixed."""
    capsys.readouterr()
    code = main(["lint", "--format", "concise", *paths])
    lines = capsys.readouterr().out.splitlines()
    return (
        code,
        {line.split(":")[0] for line in lines if "[image-runs-as-root]" in line},
        {line.split(":")[0] for line in lines if "[workspace-mixed]" in line},
    )


@pytest.mark.parametrize("paths", PATHS)
def test_each_file_is_judged_by_the_workspace_above_it(
    paths: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert where(capsys, *paths) == (Exit.FINDINGS, {"b/Dockerfile"}, set())
    (folder / "b/svc-workspace.yaml").write_text(FIRM)
    assert where(capsys, *paths) == (Exit.FINDINGS, {"b/Dockerfile"}, set())
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    assert where(capsys, *paths) == (Exit.CLEAN, set(), set())


@pytest.mark.parametrize("paths", PATHS)
def test_a_workspace_below_another_does_not_lower_it(
    paths: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "svc-workspace.yaml").write_text(FIRM)
    assert where(capsys, *paths) == (Exit.INVALID, {"b/Dockerfile"}, {"a/svc-workspace.yaml"})


@pytest.mark.parametrize("between", ["", "middle"])
def test_one_far_below_another_is_found(between: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text(FIRM)
    deep = folder / "a/c/d"
    deep.mkdir(parents=True)
    (deep / "Dockerfile").write_text("FROM alpine:3.20\nCMD top\n")
    (deep / "svc-workspace.yaml").write_text(MILD)
    if not between:
        (folder / "a/svc-workspace.yaml").unlink()
    assert where(capsys, "b", "a/c") == (Exit.INVALID, {"b/Dockerfile"}, {"a/c/d/svc-workspace.yaml"})


def test_specs_too_are_judged_by_the_workspace_above_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a/svc-workspace.yaml").write_text(MILD.replace("image-runs-as-root", "image-not-pinned"))
    (folder / "b/svc-workspace.yaml").write_text(FIRM.replace("image-runs-as-root", "image-not-pinned"))
    for name in ("a", "b"):
        (folder / name / "Dockerfile").unlink()
        (folder / name / "service.yaml").write_text(
            SPEC.format(name=name, digest="a" * 64).replace("@sha256:" + "a" * 64, "")
        )
    assert main(["lint", "--format", "concise", "."]) == Exit.FINDINGS
    lines = capsys.readouterr().out.splitlines()
    assert {line.split(":")[0] for line in lines if "error[" in line} == {"b/service.yaml"}


@pytest.mark.parametrize("option", ["--diff", "--fix"])
def test_fixes_are_for_what_the_workspace_above_a_file_says(
    option: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    off = MILD.replace("image-runs-as-root", "apk-cache-kept")
    (folder / "a/svc-workspace.yaml").write_text(off)
    for name in ("a", "b"):
        (folder / name / "Dockerfile").write_text('FROM alpine:3.20\nRUN apk add curl=8\nUSER 10001\nCMD ["top"]\n')
    capsys.readouterr()
    main(["lint", option, "b", "a"])
    changed = capsys.readouterr().out if option == "--diff" else (folder / "b/Dockerfile").read_text()
    assert "--no-cache" in changed
    assert "--no-cache" not in (folder / "a/Dockerfile").read_text()
    assert "a/Dockerfile" not in changed


def test_a_run_within_one_workspace_is_none_of_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text(FIRM)
    assert where(capsys, "a") == (Exit.CLEAN, set(), set())
    assert where(capsys, "b") == (Exit.FINDINGS, {"b/Dockerfile"}, set())


def test_a_workspace_without_files_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text(FIRM)
    (folder / "a/Dockerfile").unlink()
    assert where(capsys, ".") == (Exit.FINDINGS, {"b/Dockerfile"}, set())


def test_one_that_comes_later_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -1_000_000_000)  # what was written just now counts as old
    monkeypatch.setenv("SVC_CACHE_DIR", str(folder.parent / "kept"))
    (folder / "a/svc-workspace.yaml").unlink()
    for _ in range(3):
        assert where(capsys, "a/Dockerfile", "b/Dockerfile")[1] == {"a/Dockerfile", "b/Dockerfile"}
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    for _ in range(3):
        assert where(capsys, "a/Dockerfile", "b/Dockerfile")[1] == {"a/Dockerfile"}


SPEC = """\
apiVersion: svc/v1
name: {name}
image: ghcr.io/acme/{name}:1.4.2@sha256:{digest}
ports: {{http: 8080}}
health: /healthz
"""


@pytest.mark.parametrize("paths", [[], ["."], ["a/service.yaml", "b/service.yaml"]])
def test_one_that_comes_after_a_compile_is_seen(
    paths: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -1_000_000_000)
    monkeypatch.setenv("SVC_CACHE_DIR", str(folder.parent / "kept"))
    (folder / "a/svc-workspace.yaml").rename(folder / "svc-workspace.yaml")
    for name in ("a", "b"):
        (folder / name / "Dockerfile").unlink()
        (folder / name / "service.yaml").write_text(SPEC.format(name=name, digest="a" * 64))
    for _ in range(3):
        assert main(["compile", "--target", "helm", *paths]) == Exit.CLEAN
    assert "workspace-mixed" not in capsys.readouterr().out
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    assert main(["compile", "--target", "helm", *paths]) == Exit.INVALID
    assert "workspace-mixed" in capsys.readouterr().out


@pytest.mark.parametrize("paths", [["nope", "a", "b"], ["a", "b", "c/nope"]])
def test_what_is_not_there_is_said(paths: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    assert main(["lint", "--format", "concise", *paths]) == Exit.INVALID
    assert "[file-missing]" in capsys.readouterr().out


@pytest.mark.parametrize("paths", [["."], ["a", "b"], ["b", "a"]])
@pytest.mark.parametrize(("name", "data"), [("service.yaml", b"name: \xff\n"), ("bad.yaml", b"\xff\xfea\0:\0")])
def test_what_cannot_be_read_is_said(
    name: str, data: bytes, paths: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    (folder / "a/Dockerfile").unlink()
    (folder / "a" / name).write_bytes(data)
    assert main(["lint", "--format", "concise", *paths]) == Exit.INVALID
    assert f"a/{name}" in capsys.readouterr().out


@pytest.mark.parametrize("paths", [["."], ["b/svc-workspace.yaml", "a/Dockerfile"]])
def test_a_workspace_that_is_wrong_is_said(paths: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "b/svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\nnope: 1\n")
    assert main(["lint", "--format", "concise", *paths]) == Exit.INVALID
    assert "[unknown-key]" in capsys.readouterr().out


def test_a_file_is_the_same_by_any_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b/svc-workspace.yaml").write_text(FIRM)
    (folder / "b/c").mkdir()
    (folder / "b/c/Dockerfile").write_text("FROM alpine:3.20\nCMD top\n")
    (folder / "l").symlink_to("b")
    assert where(capsys, "l/c", "b/c") == (Exit.FINDINGS, {"l/c/Dockerfile", "b/c/Dockerfile"}, set())
    monkeypatch.chdir(folder / "a")
    code, found, mixed = where(capsys, "../b", "../b/c", ".")
    assert (code, {Path(name).name for name in found}, mixed) == (Exit.FINDINGS, {"Dockerfile"}, set())
    assert where(capsys, "../a") == (Exit.CLEAN, set(), set())
    assert where(capsys, "../b/c")[0] == Exit.FINDINGS
    monkeypatch.chdir(folder / "b/c")
    assert where(capsys, "../../a") == (Exit.CLEAN, set(), set())


def test_specs_of_one_workspace_are_its_by_any_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a/svc-workspace.yaml").rename(folder / "svc-workspace.yaml")
    for name in ("a", "b"):
        (folder / name / "Dockerfile").unlink()
        (folder / name / "service.yaml").write_text(SPEC.format(name=name, digest="a" * 64))
    monkeypatch.chdir(folder / "a")
    assert main(["compile", "--target", "helm", ".", "../b"]) == Exit.CLEAN
    assert "workspace-mixed" not in capsys.readouterr().out


SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: BACKEND}]}}]}
"""


def test_what_one_leads_to_may_be_of_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a/service-of-k8s.yaml").write_text(SERVICE)
    backend = "{service: {name: web, port: {number: 80}}}"
    (folder / "b/ingress.yaml").write_text(INGRESS.replace("BACKEND", backend))
    (folder / "b/svc-workspace.yaml").write_text(MILD)
    main(["lint", "--format", "concise", "."])
    assert "ingress-backend-missing" not in capsys.readouterr().out
    (folder / "b/ingress.yaml").write_text(INGRESS.replace("BACKEND", backend.replace("name: web", "name: wob")))
    main(["lint", "--format", "concise", "."])
    assert "b/ingress.yaml" in next(
        line for line in capsys.readouterr().out.splitlines() if "ingress-backend-missing" in line
    )


def test_waivers_and_severities_are_for_ones_own_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waived = (
        "apiVersion: svc/v1\nkind: Workspace\nwaivers:\n  - {policy: image-runs-as-root, reason: ours, owner: us}\n"
    )
    (folder / "a/svc-workspace.yaml").write_text(waived)
    (folder / "b/svc-workspace.yaml").write_text(MILD.replace('"off"', "info"))
    assert main(["lint", "--format", "concise", "."]) == Exit.CLEAN
    lines = [line for line in capsys.readouterr().out.splitlines() if "[image-runs-as-root]" in line]
    assert [line.split(" ")[1].split("[")[0] for line in lines if line.startswith("b/")] == ["info"]
    assert not [line for line in lines if line.startswith("a/") and "error" in line]


def test_workspaces_cost_in_proportion(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    was = source.load

    def counted(file: Path, **words: Any) -> Any:
        read.append(str(file))
        return was(file, **words)

    monkeypatch.setattr("svc.lint.collect.load", counted)
    for number in range(12):
        (folder / f"w{number}").mkdir()
        (folder / f"w{number}/svc-workspace.yaml").write_text(FIRM)
        (folder / f"w{number}/Dockerfile").write_text("FROM alpine:3.20\nCMD top\n")
    assert main(["lint", "--quiet", "--no-cache", "."]) == Exit.FINDINGS
    assert len(read) <= 2 * (2 * 12 + 3)

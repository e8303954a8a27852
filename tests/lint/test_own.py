"""What a service writes itself: kept, never written to or removed, and judged at its own lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main

SPEC = """\
apiVersion: svc/v1
name: shop
build: {language: go}
ports: {http: 8080}
health: /healthz
"""
DOCKERFILE = """\
FROM gcr.io/distroless/static@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
ADD app /app
EXPOSE 8080
USER 10001:10001
ENTRYPOINT ["/app"]
"""
WORKFLOW = """\
name: shop
on: [push]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@main
        with: {persist-credentials: false}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(folder: Path, **files: str) -> None:
    names = {"spec": "service.yaml", "dockerfile": "Dockerfile", "workflow": ".github/workflows/shop.yaml"}
    for name, text in files.items():
        path = folder / names[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_what_becomes_our_own_is_neither_written_nor_removed(folder: Path) -> None:
    _write(folder, spec=SPEC)
    assert main(["compile", "--quiet"]) == Exit.CLEAN
    before = {path: path.read_text() for path in folder.rglob("*") if path.is_file() and "svc-outputs" not in path.name}
    assert len(before) > 20
    _write(folder, spec=SPEC + "own: [compose, github, helm, terraform]\n")
    assert main(["compile", "--quiet"]) == Exit.CLEAN
    assert {path: path.read_text() for path in before if path.name != "service.yaml"} == {
        path: text for path, text in before.items() if path.name != "service.yaml"
    }
    (folder / "compose.yaml").write_text("services: {}\n", "utf-8")
    (folder / "chart/README.md").unlink()
    assert main(["compile", "--quiet", "--force"]) == Exit.CLEAN
    assert (folder / "compose.yaml").read_text() == "services: {}\n"
    assert not (folder / "chart/README.md").exists()


def test_a_dockerfile_that_was_generated_becomes_our_own(folder: Path) -> None:
    _write(folder, spec=SPEC)
    assert main(["compile", "--quiet", "--target", "docker"]) == Exit.CLEAN
    _write(folder, spec=SPEC.replace("language: go", "dockerfile: Dockerfile"), dockerfile=DOCKERFILE)
    assert main(["compile", "--quiet", "--target", "docker"]) == Exit.CLEAN
    assert (folder / "Dockerfile").read_text() == DOCKERFILE
    assert (folder / ".dockerignore").is_file()


def test_a_file_cannot_be_our_own_and_generated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(folder, spec=SPEC.replace("language: go", "dockerfile: chart/README.md"))
    (folder / "chart").mkdir()
    (folder / "chart/README.md").write_text(DOCKERFILE, "utf-8")
    assert main(["compile", "--quiet"]) == Exit.INVALID
    assert "error[output-is-own]: chart/README.md is a file of your own" in "".join(capsys.readouterr())
    assert (folder / "chart/README.md").read_text() == DOCKERFILE


def _lines(capsys: pytest.CaptureFixture[str], id_: str) -> list[str]:
    lines = capsys.readouterr().out.splitlines()
    return [f"{lines[at].split('[')[0]} {lines[at + 1].strip()}" for at, one in enumerate(lines) if f"[{id_}]" in one]


@pytest.mark.parametrize("command", [["compile", "--check"], ["lint", "."]])
def test_findings_are_once_and_at_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    _write(folder, spec=SPEC.replace("language: go", "dockerfile: Dockerfile") + "own: [github]\n")
    _write(folder, dockerfile=DOCKERFILE, workflow=WORKFLOW)
    assert main(command) == Exit.FINDINGS
    assert _lines(capsys, "action-not-pinned") == ["error --> .github/workflows/shop.yaml:9:15"]
    main(command)
    assert [line.partition(" ")[2] for line in _lines(capsys, "add-for-files")] == ["--> Dockerfile:2:1"]


@pytest.mark.parametrize("command", [["compile", "--check"], ["lint", "."]])
def test_waivers_of_the_spec_and_of_the_file_count(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    waiver = "waivers: [{policy: action-not-pinned, reason: ours}]\n"
    _write(folder, spec=SPEC + "own: [github]\n" + waiver, workflow=WORKFLOW)
    main(command)
    assert _lines(capsys, "action-not-pinned") == ["waived --> .github/workflows/shop.yaml:9:15"]
    text = WORKFLOW.replace("@main", "@main # svc: ignore=action-not-pinned reason=ours")
    _write(folder, spec=SPEC + "own: [github]\n", workflow=text)
    main(command)
    assert _lines(capsys, "action-not-pinned") == ["waived --> .github/workflows/shop.yaml:9:15"]

"""Scripts judged by ShellCheck: where, by which codes, what hadolint says of the same, and what a missing program does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judges import real
from svc import tools
from svc.cli.main import main
from svc.policy.load import load
from svc.policy.shellcheck import findings
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.docker.read import read_dockerfile
from svc.targets.protocol import Subject

_POLICIES = load([Path(__file__).parents[2] / "policies"]).policies
_SCRIPTS: list[str] = json.loads((Path(__file__).parents[1] / "checks/hadolint/scripts.json").read_text("utf-8"))
_HADOLINT_ONLY = {
    ('["/bin/zsh"', "SC1071"): "a shell that ShellCheck does not know is not judged",
    ("#!/bin/bash", "SC3010"): "a here-document's first line names its shell",
}
"""What hadolint alone says of a script that holds a text, and why we do not."""
_BAD = "FROM debian:13\nRUN touch $(cat names) && rm -r $HOME/x\nUSER 1\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of the repository that is judged are not run, and ours lie in this one."""
    monkeypatch.chdir(tmp_path)


def _ours(texts: list[str]) -> list[set[tuple[str, int]]]:
    chosen = [(one, one.severity) for one in _POLICIES if one.check == "shellcheck"]
    subjects = [
        Subject("docker", str(number), "Dockerfile", read_dockerfile(Source("Dockerfile", text)).dockerfile)
        for number, text in enumerate(texts)
    ]
    found: list[set[tuple[str, int]]] = [set() for _ in texts]
    for one in findings(chosen, subjects, Settings(), real.box):
        span = one.subject.artifact.span(one.route)
        found[int(one.subject.key)].add((str(one.route[-1]), span.line))
    return found


def test_all_that_hadolint_says_is_said(tmp_path: Path) -> None:
    real.located("shellcheck")
    hadolint = real.located("hadolint")
    names = [f"d{number:04}" for number in range(len(_SCRIPTS))]
    for name, text in zip(names, _SCRIPTS, strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    done = tools.expect(tools.run(hadolint, ["--no-fail", "--format", "json", *names], cwd=tmp_path))
    theirs: dict[str, set[tuple[str, int]]] = {name: set() for name in names}
    for item in json.loads(done.stdout):
        if item["code"].startswith("SC"):
            theirs[item["file"]].add((item["code"], item["line"]))
    assert sum(len(found) for found in theirs.values()) > 30
    used = set()
    for text, name, ours in zip(_SCRIPTS, names, _ours(_SCRIPTS), strict=True):
        for code, line in theirs[name] - ours:
            key = next(((mark, one) for mark, one in _HADOLINT_ONLY if mark in text and one == code), None)
            assert key is not None, f"{code} at line {line}: {text}"
            used.add(key)
    assert used == set(_HADOLINT_ONLY)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('FROM debian:13 AS a\nENV x=1\nFROM a\nRUN echo "$x"\n', set()),
        ('FROM debian:13 AS a\nENV x=1\nFROM debian:13\nRUN echo "$x"\n', {"SC2154"}),
        ('FROM debian:13 AS a\nSHELL ["/bin/bash", "-c"]\nFROM a\nRUN [[ -n $HOME ]]\n', set()),
        ('FROM debian:13 AS a\nSHELL ["/bin/bash", "-c"]\nFROM debian:13\nRUN [[ -n $HOME ]]\n', {"SC3010"}),
        ("FROM debian:13\nRUN <<EOF\n#!/usr/bin/env python3\nprint('$x' == `y`)\nEOF\n", set()),
        ("FROM debian:13\nRUN cat <<'EOF' > /x\n$foo `bar`\nEOF\n", set()),
        ('FROM debian:13\nSHELL ["pwsh", "-Command"]\nRUN echo $x\n', set()),
        ("FROM debian:13\nONBUILD RUN touch $(cat names)\n", {"SC2046"}),
        ("FROM debian:13\nRUN x \\\n  # why $(cat y)\n  && touch $(cat names)\n", {"SC2046"}),
    ],
)
def test_shell_and_variables_are_the_stages_own(text: str, codes: set[str]) -> None:
    real.located("shellcheck")
    assert {code for code, _line in _ours([text])[0] if "SC2" in code or "SC3" in code} == codes


def _lint(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[tuple[str, str, bool]]]:
    """Exit code, and of each finding of a script its policy, severity and whether it is waived."""
    code = main(["lint", *options, "--format", "json", str(folder)])
    found = json.loads(capsys.readouterr().out)["findings"]
    chosen = [one for one in found if "shell" in one["policy"] and one["policy"] != "shell-form-command"]
    return code, [(one["message"][-7:-1], one["severity"], bool(one.get("waived"))) for one in chosen]


def test_codes_are_named_like_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real.located("shellcheck")
    file = tmp_path / "Dockerfile"
    file.write_text(_BAD)
    assert _lint(tmp_path, capsys)[1] == []
    both = [("SC2046", "warning", False), ("SC2086", "info", False)]
    assert _lint(tmp_path, capsys, "--deep")[1] == both
    assert _lint(tmp_path, capsys, "--select", "shell-problem")[1] == both
    assert _lint(tmp_path, capsys, "--select", "SC2086")[1] == both[1:]
    assert _lint(tmp_path, capsys, "--deep", "--ignore", "SC2086")[1] == both[:1]
    file.write_text(_BAD.replace("RUN", "# hadolint ignore=SC2046\nRUN"))
    assert _lint(tmp_path, capsys, "--deep")[1] == [("SC2046", "warning", True), ("SC2086", "info", False)]
    (tmp_path / "svc-workspace.yaml").write_text(
        "apiVersion: svc/v1\nkind: Workspace\nregistry: registry.example.com\n"
        "policy: {severities: {SC2046: off, SC2086: error}}\n"
    )
    file.write_text(_BAD)
    assert _lint(tmp_path, capsys, "--deep")[1] == [("SC2086", "error", False)]


def test_a_missing_program_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_text(_BAD)
    monkeypatch.setenv("SVC_TOOL_SHELLCHECK", "/nowhere/shellcheck")
    code, found = _lint(tmp_path, capsys, "--deep")
    assert (code, [severity for _, severity, _ in found]) == (0, ["info"])
    assert main(["lint", "--deep", str(tmp_path)]) == 0
    assert "info[shellcheck-missing]: scripts were not judged" in capsys.readouterr().out
    code, found = _lint(tmp_path, capsys, "--select", "SC2046")
    assert (code, [severity for _, severity, _ in found]) == (2, ["error"])


def test_steps_of_a_workflow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real.located("shellcheck")
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(
        "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: windows-2025\n    timeout-minutes: 5\n    steps:\n"
        "      - run: echo $(x)\n      - shell: bash\n        run: |\n          cd x\n          touch ${{ github.sha }} $(cat y)\n"
    )
    code = main(["lint", "--deep", "--select", "SC2046,SC2164", "--format", "json", str(tmp_path)])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["policy"], one["line"], one["column"]) for one in found] == [("workflow-shell-problem", 12, 35)]
    assert code == 0


def test_a_policy_over_shellcheck_judges_scripts_only() -> None:
    assert {one.surface for one in _POLICIES if one.check == "shellcheck"} == {"docker", "github"}
    assert {one.id for one in _POLICIES if one.answers("SC2046")} == {"shell-problem", "workflow-shell-problem"}

"""Where svc runs: pre-commit, a GitHub action, a GitLab job. Each tried with the real program where one can be had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from disk import git
from svc import tools
from svc.cli.verbs import parser
from svc.parse import parse_one
from svc.source import Source

ROOT = Path(__file__).parents[1]
ACTION = ROOT / "action.yml"
GITLAB = ROOT / "docs/how-to/svc-lint.gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def _data(file: Path) -> Any:
    parsed = parse_one(Source(file.name, file.read_text("utf-8")))
    assert not parsed.problems
    return parsed.documents[0].data


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds what is committed here, as pre-commit would clone it."""
    clone = tmp_path_factory.mktemp("hooks") / "svc"
    subprocess.run(["git", "clone", "-q", "--no-local", str(ROOT), str(clone)], check=True, capture_output=True)
    return clone


@pytest.mark.slow
def test_pre_commit_runs_the_hooks(hooks: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    (work / "Dockerfile").write_text("FROM alpine:3.20\nCMD top\n")
    (work / "notes.yaml").write_text("just: notes\n")
    git(work, "add", ".")
    keep = ("PIP_", "SSL_", "REQUESTS_", "HTTP", "http")
    env = {key: value for key, value in os.environ.items() if key.startswith(keep)}
    env |= {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PRE_COMMIT_HOME": str(tmp_path / "cache")}
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "try-repo",
        str(hooks),
        "svc-lint",
        "--files",
        "Dockerfile",
        "notes.yaml",
    ]
    done = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error[image-runs-as-root]" in done.stdout
    assert "notes.yaml" not in done.stdout
    (work / "Dockerfile").write_text('FROM alpine:3.20\nUSER 10001\nCMD ["top"]\n')
    git(work, "add", ".")
    done = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_call_verbs_and_options_that_exist() -> None:
    for hook in _data(HOOKS):
        program, *arguments = hook["entry"].split()
        assert program == "svc"
        parser().parse_args([*arguments, "some/file.yaml"])
        assert hook["language"] == "python"


@pytest.mark.tools
def test_the_action_passes_zizmor_and_shellcheck(tmp_path: Path) -> None:
    box = tools.toolbox(os.environ)
    zizmor = tools.find("zizmor", box)
    done = tools.run(zizmor, ["--offline", "--no-config", "--persona", "auditor", str(ACTION)])
    assert done.returncode == 0, done.stdout + done.stderr
    for step in _data(ACTION)["runs"]["steps"]:
        if "run" in step:
            script = tmp_path / "step.sh"
            script.write_text(f"#!/usr/bin/env bash\n{step['run']}\n")
            checked = tools.run(tools.find("shellcheck", box), [str(script)])
            assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("given", "options"), [({}, []), ({"SVC_GATE": "true", "SVC_PROFILE": "strict"}, ["--profile", "strict", "--gate"])]
)
def test_the_action_calls_svc_as_it_can_be_called(given: dict[str, str], options: list[str], tmp_path: Path) -> None:
    """Its script, run with a Python that prints its arguments: they parse, and hostile inputs stay one argument each."""
    action = _data(ACTION)
    step = next(step for step in action["runs"]["steps"] if step["name"] == "Lint")
    fake = tmp_path / "svc/bin/python"
    fake.parent.mkdir(parents=True)
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    fake.chmod(0o755)
    asked = {name: text for name, text in step["env"].items() if "inputs." in text}
    values = {name: _default(action, text) for name, text in asked.items()} | {"SVC_PATHS": "a b/c"} | given
    env = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path), **values}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step["run"]], env=env, capture_output=True, text=True, check=True
    )
    python, arguments = done.stdout.splitlines()[:3], done.stdout.splitlines()[3:]
    assert python == ["-P", "-m", "svc"]  # -P: a folder `svc` of the linted repository is no module
    assert arguments[-3:] == ["--", "a", "b/c"]
    assert [one for one in options if one not in arguments] == []
    parsed = parser().parse_args(arguments)
    assert parsed.paths == ["a", "b/c"]


def _default(action: Any, expression: str) -> str:
    name = expression.removeprefix("${{ inputs.").removesuffix(" }}")
    return str(action["inputs"][name]["default"])


def test_the_gitlab_job_calls_svc_as_it_can_be_called() -> None:
    job = _data(GITLAB)["svc-lint"]
    command = job["script"][1].replace("$SVC_PATHS", ".").split()
    parsed = parser().parse_args(command[1:])
    files = [text.partition("=")[2] for text in parsed.formats if "=" in text]
    assert sorted(files) == sorted(job["artifacts"]["reports"].values())

"""Whatever an expression of a workflow gives when it runs, it changes no script and no step: it is one argument of one program.

Scripts run in a shell with stubs for programs, which write down what they are called with.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from judges import real
from svc.targets.github import target as github
from svc.tree import walk
from targets.github.test_github_workflow import VARIANTS, compiled

EVERY = os.environ.get("SVC_OVERRIDES", "")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
PROGRAMS = ("svc", "uv", "cosign", "aws", "kubectl", "helm", "docker", "curl", "jq", "go", "npm", "pytest", "make")
STUB = '#!/bin/sh\nprintf \'%s\\0\' "${0##*/}" "$@" end >> "$CALLS"\n'
GIVEN = (
    "$(touch made)",
    "`touch made`",
    '"; touch made; "',
    "'; touch made; '",
    "a\ntouch made\n",
    "| touch made",
    "* ? ~ {a,b}",
    "$IFS ${HOME} $'\\x41' !!",
    "\\",
)
"""What a variable of a repository, the name of a branch or the output of a step may be at the worst."""
_LEFT = '\n"$RUNNER_TEMP/cluster-token"\n'
"""A script that one of them leaves for later."""
EVENTS = {"push", "pull_request"}
"""What starts a workflow of ours: neither has inputs."""


@dataclass(frozen=True)
class Script:
    text: str
    environment: Mapping[str, str]


def _workflows() -> Iterator[dict[Any, Any]]:
    for make in VARIANTS.values():
        yield from map(_read, github.render((compiled(make()),)).files.values())
    for piece in real.compiled_fixtures().pieces if EVERY else ():
        if piece.name == "github":
            yield from map(_read, github.render(piece.artifact).files.values())


def _read(text: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


@pytest.fixture(scope="module")
def workflows() -> list[dict[Any, Any]]:
    return list(_workflows())


def test_nothing_that_starts_a_workflow_has_inputs(workflows: list[dict[Any, Any]]) -> None:
    assert {event for one in workflows for event in one[True]} <= EVENTS  # YAML 1.1 reads `on` as true


def test_no_script_and_no_name_of_a_step_holds_an_expression(workflows: list[dict[Any, Any]]) -> None:
    found = set()
    for one in workflows:
        for route, node in walk(one["jobs"]):
            if isinstance(node, str) and _EXPRESSION.search(node):
                found.add(next(part for part in reversed(route) if part in PLACES or part == "run"))
    assert found <= set(PLACES)


PLACES = (
    "env",
    "with",
    "secrets",
    "outputs",
    "concurrency",
    "environment",
    "services",
    "container",
    "if",
    "credentials",
)
"""Where GitHub puts a value in as a text, and no program of ours reads it as code."""


def _scripts(workflows: list[dict[Any, Any]]) -> list[Script]:
    found: dict[tuple[str, ...], Script] = {}
    for one in workflows:
        for job in one["jobs"].values():
            for step in job.get("steps", ()):
                if "run" in step:
                    env = {**one.get("env", {}), **job.get("env", {}), **step.get("env", {})}
                    key = (step["run"], *sorted(name for name, value in env.items() if "${{" in str(value)))
                    found[key] = Script(step["run"], {key: str(value) for key, value in env.items()})
    return list(found.values())


class Shell:
    """As GitHub runs `shell: bash`, with no program but stubs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.calls = folder, folder / "calls"
        (folder / "bin").mkdir()
        for name in PROGRAMS:
            (folder / "bin" / name).write_text(STUB)
            (folder / "bin" / name).chmod(0o755)
        (folder / "runner").mkdir()

    def run(self, script: Script, given: str) -> list[list[str]]:
        """The calls in any order, since those of a pipe run at once, each with its arguments; what an expression gives is `given`."""
        self.calls.write_text("")
        env = {key: _EXPRESSION.sub(lambda _: given, value) for key, value in script.environment.items()}
        usual = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "CALLS": str(self.calls), "HOME": "/nonexistent"}
        runner = {
            "RUNNER_TEMP": str(self.folder / "runner"),
            "GITHUB_SERVER_URL": "https://github.com",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": given,
            "ACTIONS_ID_TOKEN_REQUEST_URL": given,
            "GITHUB_WORKFLOW_REF": f"acme/shop/.github/workflows/shop.yaml@refs/heads/{given}",
        }
        command = [
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            script.text + (_LEFT if "cluster-token" in script.text else ""),
        ]
        done = subprocess.run(
            command, cwd=self.folder, env={**env, **runner, **usual}, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return sorted(one.split("\0") for one in self.calls.read_text().split("\0end\0") if one)


def test_what_an_expression_gives_is_an_argument(workflows: list[dict[Any, Any]], tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    scripts = [one for one in _scripts(workflows) if any("${{" in value for value in one.environment.values())]
    assert len({one.text for one in scripts}) > 5
    seen = 0
    for script in scripts:
        usual = shell.run(script, "GIVEN")
        for given in GIVEN if EVERY else ["".join(GIVEN)]:
            assert shell.run(script, given) == sorted([part.replace("GIVEN", given) for part in call] for call in usual)
            assert not (tmp_path / "made").exists()
        seen += sum("GIVEN" in part for call in usual for part in call)
    assert seen > 5


def test_without_quotes_it_would_not(tmp_path: Path) -> None:
    """Or else the stubs do not see it."""
    shell, script = (
        Shell(tmp_path),
        Script('helm test $RELEASE && eval "helm list $RELEASE"', {"RELEASE": "${{ vars.A }}"}),
    )
    assert shell.run(script, "a b") == [["helm", "list", "a", "b"], ["helm", "test", "a", "b"]]
    shell.run(script, "$(touch made)")
    assert (tmp_path / "made").exists()

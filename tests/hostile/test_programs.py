"""A repository that wants to be run, and programs that misbehave."""

from __future__ import annotations

from pathlib import Path

import pytest

from disk import put
from hostile.bounded import svc

CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/values.yaml": "a: 1\n",
    "chart/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.a }}}\n",
}
SPEC = (
    "apiVersion: svc/v1\nname: shop\nimage: a/b:1@sha256:" + "4f3b" * 16 + "\nports: {http: 8080}\nhealth: /healthz\n"
)
NAMES = ("helm", "git", "cue", "shellcheck", "python", "python3", "hadolint", "actionlint", "terraform", "conftest")


def program(folder: Path, body: str) -> dict[str, str]:
    put(folder, {"bin/helm": f"#!/bin/sh\n{body}\n"}, 0o755)
    return {"SVC_TOOL_HELM": str(folder / "bin/helm")}


def test_a_hostile_repository_runs_nothing(tmp_path: Path) -> None:
    """Whatever is run writes a file; there are programs, packages, hooks, plugins and modules by every usual name.

    The command `svc` has no folder of the user on Python's path; PYTHONSAFEPATH makes `python -m svc` the same.
    """
    root, witness = tmp_path / "repository", tmp_path / "witness"
    shell, python = f"#!/bin/sh\ntouch {witness}\n", f"open({str(witness)!r}, 'w').close()\n"
    put(root, CHART)
    put(root, {f"{folder}{name}": shell for name in NAMES for folder in ("", "bin/", ".tools/bin/")}, 0o755)
    names = ("yaml", "svc", "json", "sitecustomize", "usercustomize", "conftest", "pydantic", "jinja2")
    put(root, {f"{name}.py": python for name in names})
    put(root, {"evil.pth": f"import os; os.system('touch {witness}')\n", "setup.py": python})
    put(root, {"pyproject.toml": '[project.entry-points."svc.checks"]\nevil = "sitecustomize"\n'})
    put(root, {".git/HEAD": "ref: refs/heads/main\n", ".git/config": f"[core]\n\tfsmonitor = touch {witness}\n"})
    put(root, {".git/hooks/post-index-change": shell, ".git/hooks/pre-commit": shell}, 0o755)
    put(root, {"chart/plugins/evil/plugin.yaml": f"name: evil\ncommand: touch {witness}\n"})
    put(root, {"cue.mod/module.cue": 'module: "evil.example"\nlanguage: version: "v0.9.0"\n'})
    put(root, {"Dockerfile": f"FROM scratch\nRUN touch {witness}\n", ".helmignore": "**\n"})
    environ = {"PATH": f".:bin::{root}/bin:{root}/.tools/bin:/usr/bin:/bin", "PYTHONSAFEPATH": "1"}
    for arguments in (
        ("lint", "."),
        ("lint", "--deep", "."),
        ("lint", "--changed-since", "HEAD", "."),
        ("init", "--dry-run"),
    ):
        ran = svc(*arguments, cwd=root, environ=environ)
        assert ran.code in (0, 1, 2), ran.said
        assert not witness.exists(), arguments


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("echo broken pipe >&2; kill -9 $$", "killed by signal 9: broken pipe"),
        ("echo gone mad >&2; exit 9", "gone mad"),
        ("echo thinking >&2; sleep 100 & sleep 100", "did not finish within 2 seconds and was stopped: thinking"),
        ("echo garbage", "garbage"),
    ],
)
@pytest.mark.parametrize("verb", [("lint", "chart"), ("compile", "--verify", "--target", "helm", "service.yaml")])
def test_a_program_that_hangs_dies_or_prints_garbage(
    verb: tuple[str, ...], body: str, words: str, tmp_path: Path
) -> None:
    put(tmp_path, CHART | {"service.yaml": SPEC})
    ran = svc(*verb, cwd=tmp_path, environ=program(tmp_path, body) | {"SVC_TOOL_TIMEOUT": "2"})
    assert ran.code == 3, ran.said
    assert words in ran.said
    assert "Traceback" not in ran.said
    assert "internal error" not in ran.said


def test_a_time_limit_that_is_none_is_said(tmp_path: Path) -> None:
    put(tmp_path, CHART)
    ran = svc("lint", "chart", cwd=tmp_path, environ={"SVC_TOOL_TIMEOUT": "soon"})
    assert "SVC_TOOL_TIMEOUT must be seconds" in ran.said


def test_what_a_dying_program_says_shows_no_secret(tmp_path: Path) -> None:
    put(tmp_path, CHART)
    secret = "ghp_" + "Zq7Xw2Rt9Bn4Kc6Vm1Lp8Js3Hd5Gf0YaEuIo"
    ran = svc("lint", "chart", cwd=tmp_path, environ=program(tmp_path, f"echo lost {secret} >&2; exit 9"))
    assert (ran.code, "lost" in ran.said, secret in ran.said) == (3, True, False), ran.said

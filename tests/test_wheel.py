"""The built wheel works on its own: with policies and schemas inside, no checkout and no other tool."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = f"apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1@sha256:{'a' * 64}\nports: {{http: 8080}}\nhealth: /healthz\n"


def _run(*command: object, cwd: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd)} | {
        key: value for key, value in os.environ.items() if key.startswith(("PIP_", "SSL_", "REQUESTS_", "HTTP", "http"))
    }
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


CHECK = """
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.diagnostics import Route
from svc.parse import parse_one
from svc.pipeline import Request, compile_
from svc.source import Source, load
from svc.targets.docker.types import Dockerfile

SURFACE = "dockerfile"


@dataclass(frozen=True)
class Params:
    keyword: str = "LABEL"


def check(artifact: Dockerfile, params: Params) -> Iterator[tuple[Route, str]]:
    if not [one for one in artifact.instructions if one.keyword == params.keyword]:
        yield (), f"no {params.keyword}"


reveal_type(compile_)
reveal_type(parse_one(Source("a", "b")))
reveal_type(load("service.yaml"))
Source(name=1, text="")
"""


@pytest.mark.slow
def test_the_wheel_compiles_and_lints_without_the_checkout(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        tmp_path,
        ROOT,
    ]
    _run(*build, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    _run(sys.executable, "-m", "venv", "fresh", cwd=tmp_path)
    python = tmp_path / "fresh/bin/python"
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    (work / "service.yaml").write_text(SPEC)
    svc = tmp_path / "fresh/bin/svc"
    assert _run(svc, "--version", cwd=work).startswith("svc ")
    assert "production" in _run(svc, "compile", cwd=work)
    assert (work / "chart/templates/deployment.yaml").is_file()
    assert "out of date" not in _run(svc, "compile", "--check", cwd=work)
    assert "runs as root" in _run(svc, "explain", "runs-as-root", cwd=work).lower()
    _judge_types(python, work)


def _judge_types(python: Path, work: Path) -> None:
    """A check of somebody else, judged by mypy against the installed package alone."""
    (work / "label.py").write_text(CHECK)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(work / "cache")]
    done = subprocess.run(
        [*command, "--python-executable", str(python), "label.py"],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.splitlines()
    assert said[:3] == [
        'label.py:26: note: Revealed type is "def (request: svc.stages.types.Request) -> svc.stages.types.Compiled"',
        'label.py:27: note: Revealed type is "svc.parse.Parsed"',
        'label.py:28: note: Revealed type is "svc.source.Source | svc.source.Unreadable"',
    ]
    assert "incompatible type" in said[3]
    assert len(said) == 5, done.stdout + done.stderr

"""The built wheel works on its own: with policies and schemas inside, no checkout and no other tool."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
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
    names = zipfile.ZipFile(wheel).namelist()
    assert "svc/policies/runs-as-root.yaml" in names
    assert "svc/schemas/service.schema.json" in names
    assert "svc/pins.json" in names
    assert "svc/py.typed" in names
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

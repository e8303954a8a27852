"""What tests of `--changed-since` put into a repository, and what a lint of it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from disk import git
from svc.cli.main import main

SPEC = """apiVersion: svc/v1
name: {name}
image: ghcr.io/acme/{name}:1.4.2@sha256:{digest}
ports: {{http: 8080}}
health: /healthz
"""


def found(capsys: pytest.CaptureFixture[str], *options: str, path: str = ".") -> tuple[int, set[str]]:
    capsys.readouterr()
    code = main(["lint", path, "--format", "concise", "--changed-since", "main", *options])
    return code, {line.split(":")[0] for line in capsys.readouterr().out.splitlines()}


def services(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(SPEC.format(name=name, digest="a" * 64).replace("@", "#"))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "services")

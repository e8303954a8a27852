"""A shell that makes room for its process is no shell form; one that stays beside it is."""

from __future__ import annotations

import pytest

from svc.checks._params import NoParams
from svc.checks.docker.shell_form import check
from svc.source import Source
from svc.targets.docker.read import read_dockerfile


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("exec ./app $OPTIONS", False),
        ("cd /app && exec ./app", False),
        ("if [ -f a ]; then exec a; else exec b; fi", False),
        ("./app", True),
        ("exec ./app | tee /log", True),
        ("cat a | exec ./app", True),
        ("exec ./app || true", True),
        ("exec >/log; ./app", True),
        ("execute ./app", True),
    ],
)
def test_who_gets_the_signals(command: str, said: bool) -> None:
    dockerfile = read_dockerfile(Source("Dockerfile", f"FROM alpine:3.22\nCMD {command}\n")).dockerfile
    assert bool(list(check(dockerfile, NoParams()))) == said

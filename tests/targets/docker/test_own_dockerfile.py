"""A Dockerfile of the user's own against the spec."""

from __future__ import annotations

from dataclasses import replace

import pytest

import samples
from svc.targets.docker.lower import main_process
from svc.targets.docker.own import own_problems

BASE = "FROM alpine AS base\nEXPOSE %s\nUSER %s\n"


def _found(text: str, target: str = "") -> list[tuple[str, object]]:
    one = samples.web()
    process = main_process(one)
    assert one.build is not None
    assert process is not None
    build = replace(one.build, dockerfile="Dockerfile", target=target, text=text)
    return [(problem.id, problem.route[-1]) for problem in own_problems(build, process)]


def _ports() -> str:
    process = main_process(samples.web())
    assert process is not None
    return " ".join(f"{port.number}/{port.transport.lower()}" for port in process.ports)


def test_what_agrees_is_silent() -> None:
    process = main_process(samples.web())
    assert process is not None
    assert _found(BASE % (_ports(), process.user)) == []
    assert _found("FROM alpine\n") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (BASE % ("1", "10001"), [("dockerfile-port-differs", 2)]),
        (BASE % ("$PORT", "1000"), [("dockerfile-user-differs", 3)]),
        (BASE % ("$PORT", "app"), []),
        (BASE % ("$PORT", "0"), []),
        ((BASE % ("1", "10001")) + "FROM base\nUSER 1000:1000\n", [("dockerfile-port-differs", 2), ("dockerfile-user-differs", 5)]),
        ((BASE % ("1", "10001")) + "FROM alpine\n", []),
        ("not a Dockerfile", []),
    ],
)  # fmt: skip
def test_what_differs_is_said_at_its_line(text: str, found: list[tuple[str, int]]) -> None:
    assert _found(text) == found


def test_the_wanted_stage_is_compared() -> None:
    text = (BASE % ("1", "10001")) + "FROM alpine\n"
    assert _found(text, "base") == [("dockerfile-port-differs", 2)]
    assert _found(text, "1") == []
    assert _found(text, "bsae") == [("docker-stage-unknown", "target")]

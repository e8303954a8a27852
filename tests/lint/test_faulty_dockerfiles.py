"""A fault in one instruction of a Dockerfile hides nothing of the others, and nothing is concluded from what it hides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc import assets
from svc.cli.main import main
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.docker.judged import judged
from svc.targets.docker.read import KEYWORDS, read_dockerfile
from svc.targets.protocol import Subject

BASE = "FROM debian:13.1 AS build\nUSER 10001\nHEALTHCHECK CMD true\n"
"""Of which nothing is said but that it is not pinned."""


def _found(text: str, folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    (folder / "Dockerfile").write_text(text)
    main(["lint", str(folder / "Dockerfile"), "--no-cache", "--format", "json", *options])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


@pytest.mark.parametrize(
    ("faulty", "lines"),
    [
        ("RUNN x", 1),
        ("FOO x", 1),
        ("COPY --form=build /a /b", 1),
        ("ENV A", 1),
        ("RUN <<EOF\nset -e\n EOF", 3),
        ("RUN <<EOF\nset -e\neof", 3),
        ("RUN <<EOF\nset -e\n", 3),
        ("FORM debian AS other", 1),
        ("FROM debian # stable", 1),
    ],
)
def test_what_stands_around_a_fault_is_judged(
    faulty: str, lines: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _found(f"{BASE}RUN sudo a\n{faulty}\nRUN sudo b\n", tmp_path, capsys)
    assert [one["line"] for one in found if one["policy"] == "sudo-in-image"] == [4, 5 + lines]
    assert found[0]["policy"].startswith("dockerfile-")
    assert found[0]["line"] == 5
    assert [one["policy"] for one in found if one["line"] == 5] == [found[0]["policy"]]


@pytest.mark.parametrize(
    "text",
    [
        "FROM debian:13.1\nUSR 10001\n",
        "FROM debian:13.1\nFOO 10001\n",
        "FROM debian:13.1\nUSER\n",
        "FROM debian:13.1 AS build\nUSER 1\nFROM debian:13.1\nUSER 1\nCOPY --form=build /a /b\n",
        "FROM debian:13.1 AS build\nUSER 1\nFROM debian:13.1\nUSER 1\nRUN <<EOF\ncopy --from=build /a /b\n",
        "FROM debian:13.1\nUSER 1\nSHELL bash -o pipefail -c\nRUN a | b\nCMD a\n",
        "FROM debian:13.1\nUSER 1\nWORKDIR\nCOPY a b\n",
        "FROM scratch\nUSER 1\nENV A\nENV B=$A\n",
        "FORM scratch AS parts\nUSER 1\nFROM debian:13.1\nUSER 1\nCOPY --from=parts / /\n",
        "FROM debian:13.1 AS base\nUSER 1\nWORKDIR /app\nFORM base\nUSER 1\nCOPY a b\n",
        "ARG TAG=1\nFROM debian:13.1 AS base\nUSER 1\nARG TAG\nRUN a $TAG\nFORM base\nUSER 1\nWORKDIR /a/$TAG\n",
        "FORM scratch\nUSER 1\nWORKDIR /\n",
    ],
)
def test_nothing_is_concluded_from_what_cannot_be_read(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _found(text, tmp_path, capsys)
    assert [
        one["policy"] for one in found if one["policy"] not in ("base-image-not-pinned", "dockerignore-missing")
    ] == [found[0]["policy"]]


def test_the_rest_of_an_instruction_is_not_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{BASE}RUN sudo a\nRUN apt-get update && apt-get install -y b\n  && rm -rf /var/lib/apt/lists/*\nRUN sudo b \\\n  c\n  d\n"
    found = _found(text, tmp_path, capsys, "--ignore", "base-image-not-pinned")
    assert [(one["policy"], one["line"]) for one in found] == [
        ("dockerfile-unknown-instruction", 6),
        ("dockerfile-unknown-instruction", 9),
        ("sudo-in-image", 4),
    ]
    assert "end the line above with `\\`" in found[0]["help"]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> other", "{{- if .x }}", "{% if x %}"])
def test_a_mark_of_another_program_is_no_rest_of_an_instruction(
    mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _found(f"{BASE}RUN sudo a\n{mark}\n", tmp_path, capsys, "--ignore", "base-image-not-pinned")
    assert [one["policy"] for one in found] == ["dockerfile-unknown-instruction", "sudo-in-image"]
    assert "end the line above" not in found[0]["help"]


def test_no_stage_no_judgement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _found("FORM debian\nRUN sudo a\n", tmp_path, capsys)
    assert [(one["policy"], one["line"]) for one in found] == [
        ("dockerfile-unknown-instruction", 1),
        ("sudo-in-image", 2),
    ]
    assert [one["policy"] for one in _found("RUN sudo a\n", tmp_path, capsys)] == ["dockerfile-before-from"]


def test_a_here_document_says_where_it_was_meant_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ways = {
        "RUN <<EOF\nx\n  EOF\n": "line 6 has to be `EOF`, with nothing before or behind it",
        "RUN <<EOF\nx\neof\n": "line 6 has to be `EOF`, in the same letters",
        "RUN <<EOF\nx\nUSER 10002\n": "write `EOF` on a line of its own, before line 6",
        "RUN <<EOF\nx\n": "write `EOF` on a line of its own where it ends",
    }
    for text, help_ in ways.items():
        assert _found(BASE + text, tmp_path, capsys)[0]["help"] == help_


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_can_be_mended_is_mended_beside_a_fault(
    end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{BASE}RUN apt-get install x\nFOO 1\nRUN <<E\n  a\n E\nRUN apt-get install y\n"
    file = tmp_path / "Dockerfile"
    file.write_bytes(text.replace("\n", end).encode())
    main(["lint", str(file), "--no-cache", "--fix", "--select", "install-asks"])
    assert file.read_bytes() == text.replace("get install", "get install -y").replace("\n", end).encode()


_LINES = st.sampled_from(
    [
        *(f"{keyword}{rest}" for keyword in sorted(KEYWORDS) for rest in ("", " a", " --no=x a b", ' ["a", 1]', " <<E")),
        "FOO x", "E", "", "RUN apt-get install a | b", "COPY --from=0 a b", "ARG A=", "ENV A=$B C",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_LINES, max_size=8))
def test_every_faulty_file_can_be_judged(lines: list[str]) -> None:
    read = read_dockerfile(Source("Dockerfile", "\n".join(["FROM a", *lines])))
    stages = {("instructions", stage.first) for stage in read.dockerfile.stages}
    wrong = {one.route for one in read.problems} - stages  # what a stage lacks is said at its FROM
    left = judged(read)
    assert left is not None
    found = judge(
        [Subject("docker", "Dockerfile", "Dockerfile", left)], load([assets.policies()]).policies, Settings("strict")
    )
    assert not wrong & {one.route[:2] for one in found}

"""What looks drawn at random is shown as stars in a report, and in pieces neither; names and digests stay."""

from __future__ import annotations

import random
import string

import pytest

from svc.diagnostics import Diagnostic, Place, Severity, Span
from svc.report import text
from svc.report.drawn import drawn
from svc.report.form import Run
from svc.report.mask import masked
from svc.source import Source

NAMES = (
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "sha256:4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a",
    "h1:Z0nKDQ8Rqi2CZwN5lw6sWrL1hAhRqBzVDNr2dkd8HGE=",
    "sha512-Yc1OGsNxYi4uVQvBdHG1Zq2mC0Kp8wLr7Jt3eXb9Sg5AhD6fNkTzMvWyQxRoPi4uE==",
    "3d3c42e5aac5ba805825da76410c181273ba90b1",
    "123e4567-e89b-12d3-a456-426614174000",
    "DbSecurityByEC2SecurityGroup1",
    "cpp/ext/c4core/cmake/FindD3D12",
    "/Library/Developer/CommandLineTools/SDKs/MacOSX11",
    "arn:aws:iam::111122223333:role/TaskDefExecutionRoleB4775C97",
    "${var.R4nd0mL00k1ngN4m3F0rYou}",
    "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE2",
    "2026-11-28T18:30:00Z",
)


@pytest.mark.parametrize("length", [20, 32, 40, 64])
def test_most_of_what_is_drawn_is_found(length: int) -> None:
    dice, letters = random.Random(length), string.ascii_letters + string.digits
    words = ["".join(dice.choices(letters, k=length)) for _ in range(500)]
    assert sum(list(drawn(f'  x: "{word}"')) == [(6, 6 + length)] for word in words) > 350


@pytest.mark.parametrize("name", NAMES)
def test_names_and_digests_are_shown(name: str) -> None:
    for line in (name, f"x: {name}", f'x = "{name}"', f"X={name}"):
        assert list(drawn(line)) == []


WORD = "q7Rk2Vx9LmT4bZ8nJc3WfY6p"


def _reported(source: str, message: str) -> str:
    one = Diagnostic("a", Severity.ERROR, message, Place("a.yaml", Span(2, 1, 2, 2)))
    return text.render(masked(Run([one], {"a.yaml": Source("a.yaml", source)})))


def test_a_report_shows_none() -> None:
    said = _reported(f"a: b\r\nodd: {WORD}\r\nc: d\n", f"`{WORD}` is none of a, b")
    assert WORD not in said
    assert f"2 | odd: {'*' * len(WORD)}\n" in said
    assert "is none of a, b" in said


def test_a_piece_of_a_secret_is_hidden_as_well() -> None:
    """Eight characters of it in a row, as a parser quotes them that stops in the middle."""
    said = _reported(f"password: {WORD}\nc: d\n", f"found `{WORD[3:14]}` here, and `{WORD[:9].upper()}`")
    assert WORD[3:11] not in said
    assert WORD[:8].upper() not in said
    assert "found `***` here" in said

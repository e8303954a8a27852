"""Lengths of time in a healthcheck are judged as Docker and compose read them."""

from __future__ import annotations

import pytest

from svc.targets.compose.refused import check


@pytest.mark.parametrize(
    "time", ["10s", "1m30s", ".5s", "+5s", "1.5h", "5us", "5\u00b5s", "5\u03bcs", "0", "1d", "2w", "${WAIT}"]
)
def test_what_either_reads_is_taken(time: str) -> None:
    assert not list(check({"healthcheck": {"interval": time}}, ()))


@pytest.mark.parametrize("time", ["10", "10 s", ".s", "5 seconds", "s", "1.2.3s", "+", "٥s"])
def test_what_neither_reads_is_refused(time: str) -> None:
    assert [one.route for one in check({"healthcheck": {"interval": time}}, ())] == [("healthcheck", "interval")]

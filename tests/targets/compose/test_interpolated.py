"""Variables in compose files, as compose-go's template reads them."""

from __future__ import annotations

import time

import pytest

from svc.targets.compose.interpolated import check, fault


@pytest.mark.parametrize(
    "text",
    ["", "a", "$A", "${A}", "$$(date)", "$${", "$$$A", "${A:-}", "${A-b}", "${A:?no $B}", "${A:+${B:-c}}", "${A:-{}", "a}", "${_a1}-$b.c",
     '${A:-{"a": 1}}'],
)  # fmt: skip
def test_variables_are_taken(text: str) -> None:
    assert fault(text) == ""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a$", "`$` is no variable"),
        ("$(date)", "`$(` is no variable"),
        ("$1", "`$1` is no variable"),
        ("x ${A", "`${A` is not closed"),
        ("${A:-${B}", "`${A:-${B}` is not closed"),
        ("${}", "`${}` is no variable"),
        ("${A.b}", "`${A.b}` is no variable"),
        ("${A:b}", "`${A:b}` is no variable"),
        ("${ A }", "`${ A }` is no variable"),
    ],
)
def test_what_is_none_is_said(text: str, wrong: str) -> None:
    assert fault(text) == wrong


def test_what_compose_does_not_fill_in_is_left_alone() -> None:
    top = {"x-a": {"b": "$("}, "services": {"a": {"command": ["echo", "$("], "labels": {"$(": "b"}}}, "version": "$("}
    assert [one.route for one in check(top)] == [("services", "a", "command", 1)]


@pytest.mark.parametrize("part", ["services", "networks", "volumes", "secrets", "configs"])
def test_each_part_of_a_project_is_filled_in(part: str) -> None:
    assert [one.route for one in check({part: {"a": {"b": "$("}}})] == [(part, "a", "b")]
    assert [one.route for one in check({"name": "$("})] == [("name",)]


def test_deep_variables_end_in_time() -> None:
    started = time.monotonic()
    assert fault("${A:-" * 40_000 + "}" * 40_000) == ""
    assert fault("${A:-" * 40_000).endswith("is not closed")
    assert time.monotonic() - started < 2

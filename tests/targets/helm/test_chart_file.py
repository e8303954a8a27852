"""What is said about hand-written Chart.yaml files."""

from __future__ import annotations

from typing import Any

import pytest

from svc.targets.helm.chart_file import problems

GOOD: dict[str, Any] = {
    "apiVersion": "v2",
    "name": "a",
    "version": "1.2.3-rc.1",
    "appVersion": "1.10",
    "type": "library",
}
POSTGRES = {"name": "postgresql", "version": "15.5.1", "repository": "https://charts.example.com"}


def test_a_good_chart_is_silent() -> None:
    assert not list(problems({**GOOD, "dependencies": [POSTGRES, {**POSTGRES, "alias": "second"}]}))


@pytest.mark.parametrize(
    ("change", "route", "said"),
    [
        ({"nmae": "b"}, ("nmae",), "knows no key `nmae` here; did you mean `name`?"),
        ({"appVersion": 1.1}, ("appVersion",), "`appVersion` must be a string"),
        ({"version": "1.2"}, ("version",), "`1.2` is no semantic version"),
        ({"name": "a b"}, ("name",), "`a b` is no chart name"),
        ({"name": ""}, (), "Chart.yaml has no `name`"),
        ({"type": "app"}, ("type",), "type `app` is neither"),
        ({"apiVersion": "v3"}, ("apiVersion",), "neither `v1` nor `v2`"),
        ({"apiVersion": "v1"}, ("apiVersion",), "this one is of `v1`"),
        ({"dependencies": {}}, ("dependencies",), "is a list"),
        ({"dependencies": ["a"]}, ("dependencies", 0), "a mapping with a `name`"),
        ({"dependencies": [POSTGRES, POSTGRES]}, ("dependencies", 1, "name"), "a second dependency is called"),
        ({"dependencies": [{**POSTGRES, "tag": "x"}]}, ("dependencies", 0, "tag"), "did you mean `tags`?"),
    ],
    ids=str,
)
def test_a_fault_is_found_at_its_place(change: dict[str, Any], route: tuple[Any, ...], said: str) -> None:
    (one,) = problems({**GOOD, **change})
    assert one.route == route
    assert said in one.message


@pytest.mark.parametrize("data", [None, [], "a", 5])
def test_what_is_no_mapping(data: Any) -> None:
    assert [one.id for one in problems(data)] == ["chart-invalid"]

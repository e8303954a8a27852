"""Whose a finding is: what its route is in, whatever its message speaks of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.pipeline import Request, compile_
from svc.policy.whose import whose
from svc.targets.compose.types import ComposeFile
from svc.targets.protocol import Subject
from svc.tree import Tree

POD = {"kind": "Pod", "spec": {"initContainers": [{"name": "make"}], "containers": [{"name": "web"}, {}]}}
SPEC = """\
apiVersion: svc/v1
name: shop
team: shop
image: acme/shop:1.4
ports: {http: 8080}
health: /healthz
jobs:
  one: {command: [a], schedule: "0 1 * * *"}
  two: {command: [b], schedule: "0 2 * * *"}
"""


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (("spec", "containers", 0, "image"), "container `web`"),
        (("spec", "containers", 1), "container `?`"),
        (("spec", "initContainers", 0), "container `make`"),
        (("spec", "containers"), ""),
        (("metadata",), ""),
    ],
)
def test_of_a_container(route: Route, expected: str) -> None:
    assert whose(Subject("kubernetes", "a.yaml#0", "Pod/a", Manifest(Tree(POD))), route) == expected


@pytest.mark.parametrize(("route", "expected"), [(("services", "db", "image"), "service `db`"), (("services",), "")])
def test_of_a_service_of_compose(route: Route, expected: str) -> None:
    assert (
        whose(Subject("compose", "compose.yaml", "compose.yaml", ComposeFile(Tree({"services": {}}))), route)
        == expected
    )


def test_one_value_of_the_spec_is_one_finding(tmp_path: Path) -> None:
    """The generated line of each container that has the value stands beside it."""
    (tmp_path / "service.yaml").write_text(SPEC)
    made = compile_(Request((tmp_path / "service.yaml",), lambda one: one.name, date(2026, 1, 1)))
    found = [one for one in made.diagnostics if one.id == "image-not-pinned"]
    assert [(one.place.route, one.whose, len(one.related)) for one in found] == [(("image",), "container `one`", 3)]

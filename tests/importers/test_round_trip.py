"""What svc renders, imported and compiled, is the same: the real services in each environment, and every valid fixture."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from importers.round_trip import again, differing, imported, keyed, without_tests
from judges import real
from svc.kubernetes.types import Manifest
from svc.pipeline import Request, compile_

UNEQUAL: dict[tuple[str, str], int] = {}
"""(service or fixture, environment) -> how many routes differ. A number that is too high is as wrong as one that is too low."""

_OK = sorted((real.FIXTURES.parent / "ok").glob("*.yaml"))
_CASES = [
    *((name, environment) for name in real.NAMES for environment in real.ENVIRONMENTS),
    *((path.stem, "") for path in _OK),
]


@pytest.fixture(scope="module")
def rendered() -> dict[tuple[str, str], list[Manifest]]:
    others = compile_(Request(paths=tuple(_OK), shown=lambda path: path.name, today=date(2026, 1, 1)))
    pieces = (*real.compiled_fixtures().pieces, *others.pieces)
    charts = [piece.artifact for piece in pieces if piece.name == "helm"]
    found = {(chart.name, one.name): list(one.manifests) for chart in charts for one in chart.environments}
    return found | {(Path(chart.spec).stem, ""): list(chart.environments[0].manifests) for chart in charts}


@pytest.mark.parametrize(("name", "environment"), _CASES, ids=["-".join(one).strip("-") for one in _CASES])
def test_the_same_objects_come_back(
    rendered: dict[tuple[str, str], list[Manifest]], name: str, environment: str
) -> None:
    objects = rendered[(name, environment)]
    made = imported(objects)
    assert made.diagnostics == ()
    routes = differing(keyed(without_tests(objects)), again(made))
    assert len(routes) == UNEQUAL.get((name, environment), 0), routes
    lost = [one.route for one in made.entries if one.note.fate == "dropped"]
    assert bool(lost) == ((name, environment) in UNEQUAL), lost


def test_the_table_names_services_that_there_are() -> None:
    assert set(UNEQUAL) <= set(_CASES)
    assert all(UNEQUAL.values())

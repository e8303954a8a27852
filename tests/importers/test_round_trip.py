"""Every service of `fixtures/real`, as Helm would apply it in each environment: imported and compiled, it is the same."""

from __future__ import annotations

import pytest

from importers.round_trip import again, differing, imported, keyed, without_tests
from judges import real
from svc.kubernetes.types import Manifest

UNEQUAL: dict[tuple[str, str], int] = {}
"""(service, environment) -> how many routes differ. A number that is too high is as wrong as one that is too low."""

_CASES = [(name, environment) for name in real.NAMES for environment in real.ENVIRONMENTS]


@pytest.fixture(scope="module")
def rendered() -> dict[tuple[str, str], list[Manifest]]:
    charts = [piece.artifact for piece in real.compiled_fixtures().pieces if piece.name == "helm"]
    return {(chart.name, one.name): list(one.manifests) for chart in charts for one in chart.environments}


@pytest.mark.parametrize(("name", "environment"), _CASES, ids=["-".join(one) for one in _CASES])
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

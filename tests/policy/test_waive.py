"""Waivers mark findings; expired, mandatory and unknown ones are errors, unused ones warnings."""

from __future__ import annotations

from datetime import date

import pytest
from test_run import policy

from svc.diagnostics import Diagnostic, Place, Route, Severity
from svc.policy.waive import Waiver, waive
from svc.records import replace

TODAY = date(2026, 6, 1)
SPEC = Place("service.yaml", None, ("waivers", 0))


def finding(route: Route = ("resources", "limits"), **place: str) -> Diagnostic:
    at = Place(place.get("file", "service.yaml"), None, route)
    return Diagnostic(
        "image-latest", Severity.ERROR, "wrong", at, policy=True, environment=place.get("environment", "")
    )


def waiver(name: str = "image-latest", at: Route = ("resources",), **changes: object) -> Waiver:
    values: dict[str, object] = {"reason": "ADR 12", "place": SPEC, **changes}
    return Waiver(name, at, **values)  # type: ignore[arg-type]


def test_a_waiver_marks_the_finding_and_says_nothing_else() -> None:
    (one,) = waive([finding()], [waiver(until=date(2026, 6, 1), owner="ops")], [policy()], TODAY)
    assert one.waived is not None
    assert (one.waived.reason, one.waived.until, one.waived.owner) == ("ADR 12", "2026-06-01", "ops")
    assert not one.counts


def test_another_tools_id_names_the_policy() -> None:
    (one,) = waive([finding()], [waiver("OTHER_1")], [policy()], TODAY)
    assert one.waived is not None


@pytest.mark.parametrize(
    "unfit",
    [
        waiver(at=("image",)),
        waiver(at=("resources", "limits", "memory")),
        waiver(file="other.yaml"),
        waiver(environment="staging"),
    ],
)
def test_a_waiver_for_another_place_is_unused(unfit: Waiver) -> None:
    one, unused = waive([finding()], [unfit], [policy()], TODAY)
    assert one.counts
    assert (unused.id, unused.severity) == ("waiver-unused", Severity.WARNING)


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        (waiver(until=date(2026, 5, 31)), "waiver-expired"),
        (waiver("nothing"), "waiver-unknown-policy"),
    ],
)
def test_a_bad_waiver_is_an_error_and_waives_nothing(bad: Waiver, name: str) -> None:
    one, problem = waive([finding()], [bad], [policy()], TODAY)
    assert one.counts
    assert (problem.id, problem.severity, problem.place) == (name, Severity.ERROR, SPEC)


def test_a_mandatory_policy_cannot_be_waived_not_even_by_an_alias() -> None:
    mandatory = frozenset({"image-latest"})
    one, problem = waive([finding()], [waiver("OTHER_1")], [policy()], TODAY, mandatory)
    assert one.counts
    assert problem.id == "waiver-of-mandatory"


def test_an_id_that_several_policies_have_waives_those_that_are_not_mandatory() -> None:
    both = [policy(), replace(policy(), id="image-old")]
    found = [finding(), replace(finding(), id="image-old")]
    firm, mild = waive(found, [waiver("OTHER_1")], both, TODAY, frozenset({"image-latest"}))
    assert (firm.counts, mild.counts) == (True, False)


def test_what_is_not_a_policy_finding_cannot_be_waived() -> None:
    error = Diagnostic("image-latest", Severity.ERROR, "a model error", Place("service.yaml", None, ("resources",)))
    one, unused = waive([error], [waiver()], [policy()], TODAY)
    assert one.counts
    assert unused.id == "waiver-unused"

"""A baseline covers what was there, however it moves, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from svc.diagnostics import Diagnostic, Place, Severity, Span, Waived
from svc.fingerprint import fingerprint, identity
from svc.policy import baseline
from svc.source import Source


def finding(line: int = 3, name: str = "web", **changes: object) -> Diagnostic:
    place = Place("a.yaml", Span(line, 1, line, 5), ("spec", "containers", 0))
    known = identity("Pod/a", place.route, {"spec": {"containers": [{"name": name}]}})
    made = Diagnostic("image-latest", Severity.ERROR, "wrong", place, policy=True, identity=known)
    return replace(made, **changes)  # type: ignore[arg-type]


def read(*found: Diagnostic) -> baseline.Baseline:
    made = baseline.read(Source("b.json", baseline.write(found)))
    assert isinstance(made, baseline.Baseline)
    return made


def test_a_finding_that_moved_is_known() -> None:
    (one,) = baseline.mark([finding(line=30)], read(finding()))
    assert one.known
    assert not one.counts


def test_another_container_is_new() -> None:
    (one,) = baseline.mark([finding(name="sidecar")], read(finding()))
    assert one.counts


def test_an_item_before_it_changes_nothing() -> None:
    data = {"containers": [{"name": "first"}, {"name": "web"}]}
    alone = {"containers": [{"name": "web"}]}
    assert identity("x", ("containers", 1), data) == identity("x", ("containers", 0), alone)


def test_one_entry_covers_one_finding() -> None:
    marked = baseline.mark([finding(), finding(line=4)], read(finding()))
    assert [one.known for one in marked] == [True, False]


def test_waived_findings_and_problems_are_not_written() -> None:
    made = read(finding(waived=Waived("reason")), finding(policy=False))
    assert not made.counts


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1}', "[" * 100_000])
def test_what_is_no_baseline_is_refused(text: str) -> None:
    found = baseline.read(Source("b.json", text))
    assert isinstance(found, Diagnostic)
    assert found.id == "baseline-invalid"


def test_policies_and_files_tell_findings_apart() -> None:
    one = finding()
    other = replace(one, place=replace(one.place, file="b.yaml"))
    assert len({fingerprint(one), fingerprint(other), fingerprint(replace(one, id="image-not-pinned"))}) == 3

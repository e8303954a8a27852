"""Hand-written manifests: what looks wrong and is right stays silent; true bugs are found, each beside its exact report.

`SVC_UPDATE=1` writes the reports anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from svc.diagnostics import Diagnostic, Severity, ordered
from svc.gate import Demand
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.lint.linted import Linted
from svc.policy.load import load
from svc.policy.types import Settings
from svc.report import text
from svc.report.form import Run

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "fixtures" / "lint"
POLICIES = load([ROOT / "policies"]).policies
ACROSS = {policy.id for policy in POLICIES if policy.surface == "across"}


def judged(path: Path, profile: str) -> tuple[Linted, tuple[Diagnostic, ...]]:
    linted = collect([path], lambda one: one.name)
    return linted, ordered([*linted.diagnostics, *findings(linted, POLICIES, Settings(profile), Demand())])


@pytest.mark.parametrize("path", sorted((FOLDER / "silent").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_looks_wrong_and_is_right(path: Path) -> None:
    linted, found = judged(path, "recommended")
    assert len(linted.subjects) > 2
    wrong = [one for one in found if one.id in ACROSS or not one.policy]
    assert not [f"{one.id}: {one.message}" for one in wrong if one.severity >= Severity.WARNING]


@pytest.mark.parametrize("path", sorted((FOLDER / "clean").iterdir()), ids=lambda path: path.name)
def test_artifacts_as_good_projects_write_them(path: Path) -> None:
    linted, found = judged(path, "recommended")
    assert linted.subjects
    assert not [f"{one.place.file}: {one.id}: {one.message}" for one in found if one.severity >= Severity.WARNING]


@pytest.mark.parametrize("path", sorted((FOLDER / "found").glob("*.yaml")), ids=lambda path: path.stem)
def test_true_bugs(path: Path) -> None:
    linted, found = judged(path, "baseline")
    report = text.render(Run(found, linted.sources))
    expected = path.with_suffix(".out")
    if os.environ.get("SVC_UPDATE"):
        expected.write_text(report, "utf-8")
    assert report == expected.read_text("utf-8")
    assert any(one.severity == Severity.ERROR for one in found)


def test_no_report_is_stale() -> None:
    stale = [out for out in (FOLDER / "found").glob("*.out") if not out.with_suffix(".yaml").is_file()]
    assert not stale

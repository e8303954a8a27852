"""What we generate is what we recommend: the recommended profile is silent on every sample, in every environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import samples
from svc.diagnostics import shown
from svc.kubernetes.lower import lower
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.resolve.unit import Unit
from svc.targets.protocol import Subject
from svc.targets.table import target

POLICIES = load([Path(__file__).parents[2] / "policies"]).policies
UNITS: list[Unit] = [samples.unit(make) for make in samples.SERVICES]


def kubernetes(unit: Unit) -> list[Subject]:
    return [
        Subject("kubernetes", f"{manifest.kind}/{manifest.name}", manifest.name, manifest, resolved.environment)
        for resolved in unit.environments
        for manifest in lower(resolved).manifests
    ]


def subjects(unit: Unit) -> list[Subject]:
    found: list[Subject] = kubernetes(unit)
    for name in ("docker", "github", "terraform", "compose"):
        one: Any = target(name)
        found += one.subjects(one.lower(unit).artifact)
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_recommended_profile_is_silent(unit: Unit) -> None:
    found = judge(subjects(unit), POLICIES, Settings("recommended"))
    assert not [f"{one.policy} {one.subject.key} {shown(one.route)}: {one.message}" for one in found]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
@pytest.mark.parametrize("minor", [35, 36, 37])
def test_pods_meet_the_restricted_standard(unit: Unit, minor: int) -> None:
    found = judge(kubernetes(unit), POLICIES, Settings("pss-restricted", kubernetes=minor))
    assert not [f"{one.policy} {one.subject.key}: {one.message}" for one in found]

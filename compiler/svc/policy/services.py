"""Resolved services as subjects of policies: one view for each environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.policy.run import selected
from svc.policy.types import Policy, Settings
from svc.resolve.unit import Unit
from svc.targets.protocol import Subject


def wanted(policies: Sequence[Policy], settings: Settings) -> bool:
    """Whether a policy of this run looks at services: a view costs time. Built-in policies look at artifacts."""
    return any(
        policy.surface == "service" or (policy.surface == "across" and (policy.check == "cue" or ":" in policy.check))
        for policy, _ in selected(policies, settings)
    )


def subjects(unit: Unit) -> Iterator[Subject]:
    from svc.resolve.view import view

    for one in unit.environments:
        seen = view(one, unit.origins[one.environment])
        yield Subject("service", f"service/{unit.name}", unit.name, seen, one.environment)

"""Units with the same change in every environment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from svc.resolve.unit import Unit


def changed(unit: Unit, **changes: Any) -> Unit:
    """In `local` as well."""
    return replace(
        unit,
        local=replace(unit.local, **changes),
        environments=tuple(replace(one, **changes) for one in unit.environments),
    )


def with_ci(unit: Unit, **changes: Any) -> Unit:
    return changed(unit, ci=replace(unit.first.ci, **changes))

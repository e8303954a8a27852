"""The `Params` of checks that have none."""

from __future__ import annotations

from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class NoParams:
    """One class for all of them: making a dataclass costs more than the rest of such a module."""

"""Charts that people write; those that svc makes are proved in another way."""

from __future__ import annotations

from svc.targets.helm.source import SourceChart


def written(chart: object) -> SourceChart | None:
    return chart if isinstance(chart, SourceChart) else None

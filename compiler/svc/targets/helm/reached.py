"""The values by which the notes of a chart say where its service is reached."""

from __future__ import annotations

from svc.targets.helm.types import Path

REACHED: frozenset[Path] = frozenset({("ingress", "enabled"), ("ingress", "hosts")})
"""Where paths differ between environments, there are no `hosts`."""

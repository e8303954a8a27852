"""Whose a finding is: the container or compose service that its route is in."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.targets.protocol import Subject


def whose(subject: Subject, route: Route) -> str:
    """By the words that messages of checks have for it; "" where it is of no single one."""
    if subject.surface == "compose" and len(route) > 1 and route[0] == "services":
        return f"service `{route[1]}`"
    if subject.surface != "kubernetes" or subject.artifact.pod is None:
        return ""
    from svc.checks.pods import name

    container = subject.artifact.container_at(route)
    return name(container) if container is not None else ""

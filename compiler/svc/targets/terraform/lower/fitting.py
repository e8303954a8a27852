"""Names of cloud resources within the cloud's limits."""

from __future__ import annotations

from svc.digests import sha256
from svc.targets.terraform.scene import NAME, Managed, Scene

ENVIRONMENT = "${var.environment}"


def need_name(scene: Scene, managed: Managed, limit: int) -> str:
    """`${local.name}-<need>-${var.environment}`; where that would be longer than `limit`, a digest ends the shortened start."""
    longest = max(len(one.environment) for one in scene.environments)
    start = f"{scene.name}-{managed.name}"
    room = limit - longest - 1
    if len(start) <= room:
        return f"{NAME}-{managed.name}-{ENVIRONMENT}"
    digest = sha256(start.encode()).hexdigest()[:6]
    return f"{start[: room - 7].rstrip('-')}-{digest}-{ENVIRONMENT}"

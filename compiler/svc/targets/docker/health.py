"""HEALTHCHECK from the probe that Kubernetes uses, said with what the image has.

Kubernetes ignores HEALTHCHECK; compose and plain Docker use it. An image without shell and interpreter checks gRPC
with a pinned static program; for HTTP it says `HEALTHCHECK NONE`, which is a statement and not an omission.
"""

from __future__ import annotations

from svc import pins
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import copy
from svc.targets.docker.types import Instruction
from svc.targets.probe_commands import GRPC_PROBE, Checker, probe_command

_PROBE_IMAGE = ("ghcr.io/grpc-ecosystem/grpc-health-probe", "v0.4.55")


def grpc_probe(facts: Facts) -> tuple[Instruction, ...]:
    """The copied probe program, where the health check is gRPC."""
    if facts.probe is None or facts.probe.kind != "grpc":
        return ()
    return (copy("/ko-app/grpc-health-probe", GRPC_PROBE, image=pins.image(*_PROBE_IMAGE), at=("health",)),)


def healthcheck(facts: Facts, checker: Checker) -> tuple[Instruction, ...]:
    probe = facts.probe
    command = probe_command(probe, checker) if probe else ()
    if probe is None or not command:
        reason = (
            "Nothing to ask: the spec has no health endpoint."
            if probe is None
            else "This image has no shell and no HTTP client; Kubernetes probes the port itself."
        )
        return (Instruction("HEALTHCHECK", ("NONE",), comment=(reason,), at=("health",)),)
    flags = (
        ("interval", f"{probe.period}s"),
        ("timeout", f"{probe.timeout}s"),
        ("start-period", f"{facts.starting}s"),
        ("retries", str(probe.failure)),
    )
    return (Instruction("HEALTHCHECK", ("CMD", *command), flags, exec=True, at=("health",)),)

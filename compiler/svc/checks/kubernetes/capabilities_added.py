"""Capabilities beyond the allowed ones are added."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, is_windows, name, quoted
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import items

DEFAULTS = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)
"""What runtimes give by default: all that the restricted standard demanded before Kubernetes 1.22."""


@dataclass(frozen=True, slots=True)
class Params:
    allowed: tuple[str, ...] = ()
    restricted: bool = False
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.restricted and is_windows(manifest) and params.kubernetes >= 25:
        return
    may = DEFAULTS if params.restricted and params.kubernetes < 22 else params.allowed
    for route, container in manifest.containers():
        for index, capability in enumerate(items(container, "securityContext", "capabilities", "add")):
            if capability not in may:
                allowed = quoted(may) or "none"
                message = f"{name(container)} adds capability `{capability}`; allowed are {allowed}"
                yield (*route, "securityContext", "capabilities", "add", index), message

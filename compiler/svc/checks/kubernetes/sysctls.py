"""Kernel settings that are not known to stay inside the pod."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mappings

SAFE = {
    0: (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_syncookies",
    ),
    27: ("net.ipv4.ip_local_reserved_ports",),
    29: (
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
    ),
    32: ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
    37: ("net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"),
}
"""What the Pod Security Standards allow, by the Kubernetes minor since which they do."""


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.pod is None or manifest.pod_route is None:
        return
    safe = {name for since, names in SAFE.items() if params.kubernetes >= since for name in names}
    for index, sysctl in mappings(manifest.pod, "securityContext", "sysctls"):
        if str(sysctl.get("name")) not in safe:
            route = (*manifest.pod_route, "securityContext", "sysctls", index, "name")
            yield route, f"sysctl `{sysctl.get('name')}` is not a safe one"

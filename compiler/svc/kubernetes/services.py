"""The Services before the workloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.kubernetes.workloads import governing_service
from svc.resolve import names
from svc.resolve.types.process import Port
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import ServiceObject, Workload
from svc.tree import At, without_none


def services(resolved: Resolved, workload: Workload) -> Iterator[Manifest]:
    """The workload's Service, and the headless one that a StatefulSet needs when its own is not headless."""
    own = workload.service
    if own is not None:
        head = meta.metadata(resolved, own.name, workload.component, own.annotations)
        yield meta.manifest("v1", "Service", head, own.at, spec=_spec(resolved, workload, own))
    if workload.kind == "StatefulSet" and not (own is not None and own.headless):
        head = meta.metadata(resolved, governing_service(workload), workload.component)
        yield meta.manifest("v1", "Service", head, workload.at, spec=_governing(resolved, workload))


def _spec(resolved: Resolved, workload: Workload, own: ServiceObject) -> dict[str, Any]:
    made = {
        "type": own.type,
        "clusterIP": "None" if own.headless else None,
        "publishNotReadyAddresses": True if own.publish_not_ready else None,
        "ipFamilyPolicy": own.ip_families or None,
        "sessionAffinity": At((*own.at, "session_affinity"), "ClientIP") if own.sticky else None,
        "selector": names.selector(resolved, workload.component),
        "ports": [At(one.at or own.at, service_port(one)) for one in own.ports] or None,
    }
    return without_none(made)


def _governing(resolved: Resolved, workload: Workload) -> dict[str, Any]:
    """It only gives names. Without ports, a ServiceMonitor of the same labels does not scrape every pod twice."""
    return {
        "type": "ClusterIP",
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": names.selector(resolved, workload.component),
    }


def service_port(port: Port) -> dict[str, Any]:
    made = {
        "name": port.name,
        "port": port.service,
        "targetPort": port.name,
        "protocol": port.transport,
        "appProtocol": port.app_protocol or None,
        "nodePort": port.node_port,
    }
    return without_none(made)

"""How the Prometheus operator finds our metrics."""

from __future__ import annotations

from collections.abc import Iterator

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve import names
from svc.resolve.types.whole import Resolved
from svc.tree import At


def monitoring(resolved: Resolved) -> Iterator[Manifest]:
    """A ServiceMonitor; a PodMonitor where the metrics port is not behind a Service."""
    metrics = resolved.metrics
    if metrics is None or resolved.server is None:
        return
    server = resolved.server
    endpoint = At(metrics.at, {"port": metrics.port.name, "path": metrics.path, "interval": metrics.interval})
    selector = {"matchLabels": names.selector(resolved, server.component)}
    head = meta.metadata(resolved, server.name, server.component)
    served = server.service is not None and any(one.name == metrics.port.name for one in server.service.ports)
    kind, key = ("ServiceMonitor", "endpoints") if served else ("PodMonitor", "podMetricsEndpoints")
    spec = {"selector": selector, key: [endpoint]}
    yield meta.manifest("monitoring.coreos.com/v1", kind, head, metrics.at, spec=spec)

"""A ServiceMonitor or PodMonitor that selects nothing although there is something to select, or a port of it that none has.

What a monitor looks for in namespaces that it names is often made elsewhere: there only a match outside of them is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._elsewhere import unseen
from svc.checks._objects import Found, objects, pods, selects
from svc.checks.pods import pod_ports, quoted
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.targets.protocol import Subject
from svc.tree import items, mapping, mappings

Labelled = tuple[Manifest, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Params:
    port: bool = False


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    services = [(one, mapping(one.tree.data, "metadata", "labels")) for _, one in objects(subjects, "Service")]
    for subject, monitor in objects(subjects, "ServiceMonitor"):
        if not unseen(subjects, monitor, monitor.tree.get("spec", "selector")):
            yield from _judged(subject, monitor, services, params)
    monitors = list(objects(subjects, "PodMonitor"))
    starters = [(one, labels) for _, one, labels in pods(subjects)] if monitors else []
    for subject, monitor in monitors:
        if not unseen(subjects, monitor, monitor.tree.get("spec", "selector")):
            yield from _judged(subject, monitor, starters, params)


def _judged(subject: Subject, monitor: Manifest, known: Sequence[Labelled], params: Params) -> Iterator[Found]:
    selector = monitor.tree.get("spec", "selector")
    if not isinstance(selector, dict) or not selector:
        return
    scope = mapping(monitor.tree.data, "spec", "namespaceSelector")
    inside = [one for one in known if _inside(one[0], monitor, scope)]
    found = [one for one, labels in inside if selects(selector, labels)]
    if params.port:
        yield from _ports(subject, monitor, found)
        return
    if found:
        return
    what = "Service" if monitor.kind == "ServiceMonitor" else "pod"
    others = sorted({one.namespace for one, labels in known if one.namespace and selects(selector, labels)})
    if others and scope.get("any") is not True:
        route = ("spec", "namespaceSelector") if scope else ("spec", "selector")
        where = quoted(items(scope, "matchNames")) if scope else f"`{monitor.namespace}`"
        yield (
            subject,
            route,
            f"{monitor.kind} `{monitor.name}` selects no {what} in {where}: they are in {quoted(others)}",
        )
    elif inside and not scope:
        yield subject, ("spec", "selector"), f"{monitor.kind} `{monitor.name}` selects no {what}"


def _inside(one: Manifest, monitor: Manifest, scope: dict[str, Any]) -> bool:
    """Whether the monitor looks where the object is; objects without a namespace may be anywhere."""
    if scope.get("any") is True or not one.namespace:
        return True
    names = items(scope, "matchNames")
    return one.namespace in names if names else not monitor.namespace or one.namespace == monitor.namespace


def _ports(subject: Subject, monitor: Manifest, found: Sequence[Manifest]) -> Iterator[Found]:
    """Ports are asked for by their name in the Service, or in the container."""
    endpoints = "endpoints" if monitor.kind == "ServiceMonitor" else "podMetricsEndpoints"
    names = {name for one in found for port in _opened(one) if isinstance(name := port.get("name"), str)}
    for index, endpoint in mappings(monitor.tree.data, "spec", endpoints):
        port = endpoint.get("port")
        if found and isinstance(port, str) and port not in names and "$" not in port:
            declared = quoted(sorted(one for one in names if one)) or "none with a name"
            message = f"what {monitor.kind} `{monitor.name}` selects has no port named `{port}`; there are {declared}"
            yield subject, ("spec", endpoints, index, "port"), message


def _opened(one: Manifest) -> Iterator[dict[str, Any]]:
    if one.kind != "Service":
        yield from pod_ports(one)
        return
    for _, port in mappings(one.tree.data, "spec", "ports"):
        yield port

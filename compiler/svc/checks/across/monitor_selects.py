"""A ServiceMonitor that selects no Service, although Services are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, selects
from svc.checks._params import NoParams as Params
from svc.checks._pods import mapping
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    services = [one for _subject, one in objects(subjects, "Service")]
    for subject, monitor in objects(subjects, "ServiceMonitor"):
        selector = monitor.tree.get("spec", "selector")
        if not services or not isinstance(selector, dict) or mapping(monitor.tree.data, "spec", "namespaceSelector"):
            continue
        if not any(selects(selector, mapping(one.tree.data, "metadata", "labels")) for one in services):
            yield subject, ("spec", "selector"), f"ServiceMonitor `{monitor.name}` selects no Service"

"""A Service that selects no pod, although pods are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, pods_beside, selected, service_selector
from svc.checks._params import NoParams as Params
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for subject, service in objects(subjects, "Service"):
        selector = service_selector(service)
        if selector and pods_beside(subjects, service) and not selected(subjects, service, selector):
            labels = ", ".join(f"{key}={value}" for key, value in selector["matchLabels"].items())
            yield subject, ("spec", "selector"), f"Service `{service.name}` selects no pod: none has labels {labels}"

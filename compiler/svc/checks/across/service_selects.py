"""A Service that selects no pod, although pods are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._elsewhere import elsewhere, unseen
from svc.checks._near import pods_near
from svc.checks._objects import Found, objects, selected, service_selector
from svc.checks._params import NoParams as Params
from svc.checks.pods import quoted
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for subject, service in objects(subjects, "Service"):
        selector = service_selector(service)
        if not selector or selected(subjects, service, selector):
            continue
        labels = ", ".join(f"{key}={value}" for key, value in selector["matchLabels"].items())
        others = elsewhere(subjects, subject, service, selector)
        if others:
            where = f"in namespace `{service.namespace}`; pods with labels {labels} are in {quoted(others)}"
            yield subject, ("spec", "selector"), f"Service `{service.name}` selects no pod {where}"
        elif pods_near(subjects, subject, service) and not unseen(subjects, service, selector):
            yield subject, ("spec", "selector"), f"Service `{service.name}` selects no pod: none has labels {labels}"

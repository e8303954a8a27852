"""A Service sends traffic to pods that declare no port, and that nobody asks whether they are ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, pods, selects, service_selector, together
from svc.checks._params import NoParams as Params
from svc.checks.seen import Seen, Selectors, once
from svc.targets.protocol import Subject
from svc.tree import mapping


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    services = once(subjects, _services)
    for subject, manifest, labels in pods(subjects):
        if mapping(manifest.pod).get("restartPolicy") in ("Never", "OnFailure"):
            continue  # it ends: a job, or the test of a chart
        containers = list(manifest.containers("containers"))
        if any(container.get("ports") or container.get("readinessProbe") for _, container in containers):
            continue
        for service in services.near(manifest, labels):
            selector = service_selector(service)
            if selector and together(service, manifest) and selects(selector, labels):
                message = f"Service `{service.name}` sends traffic to pods without a readinessProbe"
                yield subject, manifest.pod_route or ("spec",), message
                break


def _services(subjects: Seen) -> Selectors:
    return Selectors(subjects.by_kind.get("Service", ()), service_selector)

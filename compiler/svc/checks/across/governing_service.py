"""A StatefulSet whose governing Service gives its pods no names: none is named, it is not there
although others are, or it selects others.

With `headless`, one that has an address of its own: only a Service without one lists its pods by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, named, objects, selects, service_selector, together
from svc.checks.pods import pod_labels, quoted
from svc.records import dataclass
from svc.targets.protocol import Subject


@dataclass(frozen=True, slots=True)
class Params:
    headless: bool = False


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for subject, workload in objects(subjects, "StatefulSet"):
        name = workload.tree.get("spec", "serviceName")
        governing = named(subjects, workload, name, "Service") if name else []
        route = ("spec", "serviceName")
        if params.headless:
            if governing and all(one.tree.get("spec", "clusterIP") != "None" for one in governing):
                yield subject, route, f"Service `{name}` is not headless, so that the pods have no names of their own"
            continue
        selectors = [service_selector(one) for one in governing]
        labels = pod_labels(workload)
        if name is None and pod_labels(workload) and workload.tree.get("spec", "selector"):
            yield (
                subject,
                ("spec",),
                f"StatefulSet `{workload.name}` names no Service that would give its pods their names",
            )
        elif name and not governing:
            near = sorted({one.name for _, one in objects(subjects, "Service") if together(one, workload)})
            if near:
                yield subject, route, f"there is no Service `{name}`; there are {quoted(near)}"
        elif labels and selectors and all(one and not selects(one, labels) for one in selectors):
            yield subject, route, f"Service `{name}` selects other pods than those of StatefulSet `{workload.name}`"

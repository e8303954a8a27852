"""A StatefulSet whose governing Service is not there although others are: its pods have no names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, together
from svc.checks._params import NoParams as Params
from svc.checks._pods import quoted
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    services = [one for _, one in objects(subjects, "Service")]
    for subject, workload in objects(subjects, "StatefulSet"):
        name = workload.tree.get("spec", "serviceName")
        near = [one.name for one in services if together(one, workload)]
        if name and near and name not in near:
            yield subject, ("spec", "serviceName"), f"there is no Service `{name}`; there are {quoted(sorted(near))}"

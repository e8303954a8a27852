"""Two Services claim one port of the nodes: the cluster takes the first, and refuses the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, same
from svc.checks._params import NoParams as Params
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mappings


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    owners: dict[tuple[int, str], Manifest] = {}
    for subject, service in objects(subjects, "Service"):
        for index, port in mappings(service.tree.data, "spec", "ports"):
            number = port.get("nodePort")
            if not isinstance(number, int):
                continue
            first = owners.setdefault((number, str(port.get("protocol") or "TCP")), service)
            if first is not service and not same(first, service):
                message = f"node port {number} is also claimed by Service `{first.name}`"
                yield subject, ("spec", "ports", index, "nodePort"), message

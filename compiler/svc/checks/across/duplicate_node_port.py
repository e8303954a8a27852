"""Two Services claim one port of the nodes: the cluster takes the first, and refuses the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._apart import apart
from svc.checks._objects import Found, objects, same
from svc.checks._params import NoParams as Params
from svc.checks.seen import Object
from svc.targets.protocol import Subject
from svc.tree import mappings


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    owners: dict[tuple[int, str], list[Object]] = {}
    for subject, service in objects(subjects, "Service"):
        for index, port in mappings(service.tree.data, "spec", "ports"):
            number = port.get("nodePort")
            if not isinstance(number, int):
                continue
            claims = owners.setdefault((number, str(port.get("protocol") or "TCP")), [])
            others = (one for at, one in claims if not same(one, service) and not apart(subjects, at, subject))
            if (other := next(others, None)) is not None:
                message = f"node port {number} is also claimed by Service `{other.name}`"
                yield subject, ("spec", "ports", index, "nodePort"), message
            claims.append((subject, service))

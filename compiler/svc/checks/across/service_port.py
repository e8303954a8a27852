"""A Service port that leads to no container port of the pods it selects.

Names must be declared. Numbers need not, so one is only suspicious when all selected pods declare others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, selected, service_selector
from svc.checks.kustomized import Kustomized, file_of
from svc.checks.pods import pod_ports, quoted
from svc.checks.seen import once
from svc.kubernetes.syntax import stands_in
from svc.records import dataclass
from svc.targets.protocol import Subject
from svc.tree import mappings


@dataclass(frozen=True, slots=True)
class Params:
    named: bool = True


def _laid(subjects: Sequence[Subject], service: Subject) -> frozenset[str]:
    """Ports that a patch brings, such as those of a proxy beside the container."""
    return once(subjects, Kustomized).named(file_of(service))


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for subject, service in objects(subjects, "Service"):
        selector = service_selector(service)
        backends = selected(subjects, service, selector) if selector else []
        if not backends:
            continue
        opened = [list(pod_ports(backend)) for backend in backends]
        names = {port["name"] for ports in opened for port in ports if isinstance(port.get("name"), str)}
        numbers = [port.get("containerPort") for ports in opened for port in ports]
        if any(one.get("image") == "auto" for backend in backends for _, one in backend.containers("containers")):
            continue  # Istio puts its proxy there, with ports that nobody wrote
        for index, port in mappings(service.tree.data, "spec", "ports"):
            target = port.get("targetPort") or port.get("port")  # 0 is the port's own
            route = ("spec", "ports", index, "targetPort" if "targetPort" in port else "port")
            if isinstance(target, str) and not target.isdecimal():
                if (
                    params.named
                    and target not in names
                    and not stands_in(target)
                    and target not in _laid(subjects, subject)
                ):
                    declared = quoted(sorted(names)) or "none"
                    yield subject, route, f"no selected pod has a port named `{target}`; there are {declared}"
            elif not params.named and all(opened) and str(target).isdecimal():
                declared = quoted(sorted({number for number in numbers if isinstance(number, int)}))
                if str(target) not in map(str, numbers):
                    yield subject, route, f"no selected pod declares port {target}; declared are {declared}"

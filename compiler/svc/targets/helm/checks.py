"""What the values of a chart have to be to each other: found in its templates, said in one message each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from svc.targets.helm.conventions import RESOURCES
from svc.targets.helm.types import (
    Added,
    Apart,
    AtMost,
    Check,
    Const,
    Devices,
    Distinct,
    Entry,
    Fields,
    Hole,
    Inside,
    Items,
    Node,
    Once,
    Opened,
    Path,
    PortOf,
    Slot,
    Spot,
    Template,
    Upward,
    When,
    Within,
)

RANGES = {
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas"),
    "ScaledObject": ("minReplicaCount", "maxReplicaCount"),
}
"""Kind of an autoscaler -> its fewest and most replicas."""
NODE_PORT, TRAFFIC = "nodePort", "externalTrafficPolicy"
"""Keys of a port and of a Service that the API refuses where the type is ClusterIP."""


def checks(templates: Sequence[Template], slots: Sequence[Slot]) -> tuple[Check, ...]:
    """Where both sides are values."""
    found: list[Check] = []
    for one in templates:
        if one.key[0] in RANGES:
            low, high = (_hole(inside(one.body, "spec", key)) for key in RANGES[one.key[0]])
            found += [AtMost(low, high, whens=_whens(one))] if low and high else []
        elif one.key[0] == "PodDisruptionBudget":
            found += _room(one, templates, slots)
        elif one.key[0] == "Service":
            found += (*_ports(one.body), *_opened(one.body))
    found += [kind(slot.path) for slot in slots if slot.schema is RESOURCES for kind in (Within, Devices)]
    for slot in slots:
        if slot.spot is not None and _rules(slot.spot):
            found += [Upward(slot.path), Inside(slot.path, "from" if slot.spot.route[-1] == "ingress" else "to")]
    found += [Once(slot.path) for slot in slots if slot.spot is not None and slot.spot.route[-1:] == ("env",)]
    return tuple(dict.fromkeys(found))


def _room(budget: Template, templates: Sequence[Template], slots: Sequence[Slot]) -> Iterator[AtMost]:
    """A disruption budget leaves a pod that may go, of those that the workload or its autoscaler has at least."""
    least = _hole(inside(budget.body, "spec", "minAvailable"))
    named = [one for one in templates if one.key[1] == budget.key[1]]
    workloads = [one for one in named if one.key[0] in ("Deployment", "StatefulSet")]
    if not least or not workloads:
        return
    for one in named:
        if one.key[0] in RANGES:
            fewest = _hole(inside(one.body, "spec", RANGES[one.key[0]][0]))
            if fewest:
                yield AtMost(least, fewest, 1, (*_whens(budget), *_whens(one)))
    for one in workloads:
        replicas = entry_of(inside(one.body, "spec"), "replicas")
        if replicas is not None and isinstance(replicas.node, Hole):
            path = replicas.node.path
            unless = (replicas.when,) if replicas.when is not None else ()
            none = any(slot.path == path and not slot.schema.get("minimum", 1) for slot in slots)
            of = _whens(one) if len(workloads) > 1 else ()
            yield AtMost(least, path, 1, (*_whens(budget), *of, *unless, *([When(path, "if")] if none else ())))


def _ports(service: Fields) -> Iterator[Apart | Distinct]:
    ports = inside(service, "spec", "ports")
    if isinstance(ports, Hole):
        yield Distinct((PortOf(ports.path, "list"),))
        return
    if any(isinstance(one, Entry) and isinstance(one.node, Hole) for one in items_of(ports)):
        yield Distinct(tuple(_port(one.node) for one in items_of(ports) if isinstance(one, Entry)))
        return
    known: dict[str, list[Path]] = {}
    for entry in items_of(ports):
        path = _hole(inside(entry.node, "port")) if isinstance(entry, Entry) else ()
        protocol = inside(entry.node, "protocol") if isinstance(entry, Entry) else None
        if path:
            known.setdefault(str(protocol.value) if isinstance(protocol, Const) else "", []).append(path)
    for paths in known.values():
        yield from (Apart(*pair) for pair in combinations(paths, 2))


def _port(node: Node) -> PortOf:
    if isinstance(node, Hole):
        return PortOf(node.path, "whole")
    name, number, protocol = (inside(node, key) for key in ("name", "port", "protocol"))
    return PortOf(
        _hole(number),
        "number",
        str(name.value) if isinstance(name, Const) else "",
        str(protocol.value) if isinstance(protocol, Const) else "TCP",
        number.value if isinstance(number, Const) else 0,
    )


def _opened(service: Fields) -> Iterator[Opened]:
    """What is no value stands there always, and is a bound of the type (`svc.targets.helm.bounds`)."""
    type_, ports = _hole(inside(service, "spec", "type")), inside(service, "spec", "ports")
    if not type_:
        return
    if isinstance(ports, Hole):
        yield Opened(type_, ports.path, NODE_PORT, each=True)
    nodes = [one.node for one in items_of(ports) if isinstance(one, Entry)]
    yield from (Opened(type_, one.path, NODE_PORT) for one in nodes if isinstance(one, Hole))
    for body, key in (*((one, NODE_PORT) for one in nodes), (inside(service, "spec"), TRAFFIC)):
        found = entry_of(body, key)
        if found is not None and isinstance(found.node, Hole):
            yield Opened(type_, found.node.path[:-1], found.node.path[-1])


def _rules(spot: Spot) -> bool:
    """Whether the rules of a network policy stand there."""
    return spot.kind == "NetworkPolicy" and spot.route in (("spec", "ingress"), ("spec", "egress"))


def _whens(template: Template) -> tuple[When, ...]:
    return (template.when,) if template.when is not None else ()


def inside(node: Node | None, *keys: str) -> Node | None:
    """What always stands there."""
    for key in keys:
        found = entry_of(node, key)
        node = found.node if found is not None and found.when is None else None
    return node


def entry_of(node: Node | None, key: str) -> Entry | None:
    if isinstance(node, Const):
        there = isinstance(node.value, dict) and key in node.value
        return Entry(key, Const(node.value[key])) if there else None
    entries = node.entries if isinstance(node, Fields) else ()
    return next((one for one in entries if isinstance(one, Entry) and one.key == key), None)


def items_of(node: Node | None) -> Sequence[Entry | Added]:
    """The items of a list; none of anything else."""
    if isinstance(node, Const):
        return [Entry("", Const(one)) for one in node.value] if isinstance(node.value, list) else ()
    return node.entries if isinstance(node, Items) else ()


def _hole(node: Node | None) -> Path:
    return node.path if isinstance(node, Hole) else ()


# --- what is said ----------------------------------------------------------------------------------------------------


def message(check: Check) -> str:
    """With `%v` for each of the values that are to blame, as `printf` has it."""
    match check:
        case AtMost(gap=0):
            low, high = ".".join(check.low), ".".join(check.high)
            return f"{low} is %v, above {high}, which is %v: lower the one or raise the other"
        case AtMost():
            low, high = ".".join(check.low), ".".join(check.high)
            return f"{low} is %v, but {high} is %v: one pod has to be free to go; lower the one or raise the other"
        case Apart():
            one, other = ".".join(check.one), ".".join(check.other)
            return f"{one} and {other} are both %v: a Service has each port once; change one of them"
        case Distinct():
            return "two ports of the Service are %v or are called %v: it has each number and each name once"
        case Opened():
            key = ".".join((*check.path, *(["*"] if check.each else []), check.key))
            return f"{'.'.join(check.type)} is ClusterIP, but {key} is %v: take that away, or choose another type"
        case Within():
            path = ".".join(check.path)
            return f"{path}.requests.%v is %v, above {path}.limits.%v, which is %v: lower the one or raise the other"
        case Devices():
            path = ".".join(check.path)
            return f"{path}.requests.%v is %v, but {path}.limits.%v is %v: nobody shares it, so say the same of both"
        case Upward():
            return f"{'.'.join(check.path)} has ports from %v to %v: say the smaller one in port, the other in endPort"
        case Inside():
            return (
                f"{'.'.join(check.path)} excepts %v, which is no part of %v: except a smaller range of it, or nothing"
            )
        case Once():
            return f"{'.'.join(check.path)} sets %v twice: keep one of the two"

"""Bounds of single values that follow from what the template says beside them: `0` is fine, but not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.records import replace
from svc.targets.helm.checks import NODE_PORT, TRAFFIC, entry_of, inside, items_of
from svc.targets.helm.types import Const, Entry, Hole, Path, Slot, Template
from svc.targets.helm.values import at

_NOTHING = (0, "0", "0%")
_NOT_NOTHING = {"not": {"enum": list(_NOTHING)}}
_OPEN = {"enum": ["NodePort", "LoadBalancer"]}
_BY_USE = {"cpu", "memory"}
"""Triggers of KEDA that ask running pods."""


def bounded(
    slots: Sequence[Slot], templates: Sequence[Template], everywhere: Sequence[Mapping[str, Any]]
) -> tuple[Slot, ...]:
    """The slots with what else their values may not be. `everywhere`: the values of all environments."""
    more: dict[Path, dict[str, Any]] = {}
    for one in templates:
        if one.key[0] == "ScaledObject":
            more.update((path, {"minimum": 1}) for path in _started(one))
        elif one.key[0] == "Deployment":
            more.update((path, _NOT_NOTHING) for path in _rolling(one, everywhere))
        elif one.key[0] == "Service":
            more.update((path, _OPEN) for path in _opened(one))
    return tuple(_with(one, more[one.path]) if one.path in more else one for one in slots)


def _with(slot: Slot, more: Mapping[str, Any]) -> Slot:
    """What the API takes there says the type, unless more than that is said already."""
    known = slot.schema if slot.spot is None or slot.schema.keys() - {"type"} else {}
    return replace(slot, schema={**known, **more})


def _started(scaler: Template) -> Iterator[Path]:
    """The fewest replicas are one where there are none while idle (then these are more), and where only pods are asked."""
    least = inside(scaler.body, "spec", "minReplicaCount")
    triggers = inside(scaler.body, "spec", "triggers")
    types = [inside(entry.node, "type") if isinstance(entry, Entry) else None for entry in items_of(triggers)]
    used = bool(types) and all(isinstance(one, Const) and one.value in _BY_USE for one in types)
    idle = entry_of(inside(scaler.body, "spec"), "idleReplicaCount") is not None
    if isinstance(least, Hole) and (idle or used):
        yield least.path


def _opened(service: Template) -> Iterator[Path]:
    """The type of a Service that always has a port on the nodes, or says how traffic from outside reaches it."""
    spec = inside(service.body, "spec")
    type_ = inside(spec, "type")
    ports = [one.node for one in items_of(inside(spec, "ports")) if isinstance(one, Entry)]
    found = [*(entry_of(one, NODE_PORT) for one in ports), entry_of(spec, TRAFFIC)]
    if isinstance(type_, Hole) and any(one is not None and isinstance(one.node, Const) for one in found):
        yield type_.path


def _rolling(workload: Template, everywhere: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    """Either pods more or pods fewer while a rollout goes on: the one that no environment has at 0 stays so."""
    keys = ("maxSurge", "maxUnavailable")
    surge, missing = (inside(workload.body, "spec", "strategy", "rollingUpdate", key) for key in keys)
    for node, other in ((surge, missing), (missing, surge)):
        known = [at(values, node.path) for values in everywhere] if isinstance(node, Hole) else []
        open_ = isinstance(other, Hole) or (isinstance(other, Const) and other.value in _NOTHING)
        if isinstance(node, Hole) and open_ and not any(one in _NOTHING for one in known):
            yield node.path
            return

"""A resolved service as plain data, for policies: what stands under which key is docs/reference/service-view.md.

Dataclasses become mappings by their field names, pairs of text a mapping, quantities numbers (cores, bytes). The
server, the workers and the jobs are one list `workloads`, each with its `role`; their containers one list `processes`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from svc.diagnostics import Route
from svc.records import dataclass, fields, is_dataclass
from svc.resolve.quantities import amount
from svc.resolve.types.images import Build
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Process, Resources
from svc.resolve.types.volumes import Claim, Scratch
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.tree import At, Tree, build

PAIRS = tuple[tuple[str, str], ...]
QUANTITIES = {(Resources, "requests"), (Resources, "limits"), (Scratch, "size"), (Claim, "size"), (Need, "storage")}
ROLES = {
    Resolved: ("workloads", Workload, {"server": "server", "workers": "worker", "jobs": "job"}),
    Workload: ("processes", Process, {"main": "main", "init": "init", "sidecars": "sidecar"}),
}
"""Fields that become one list: its key, the class of its items, and the `role` that each field gives them."""
_LEFT_OUT = {(Build, name) for name in ("text", "present", "manifests", "scripts")}


@dataclass(frozen=True, slots=True)
class View:
    """What policies of surface `service` judge: one service in one environment."""

    tree: Tree

    def origin(self, route: Route) -> Route:
        return self.tree.origin(route)


@functools.cache
def hints(kind: type) -> Mapping[str, Any]:
    """The fields of a class that stand in the view, in order, each with its type."""
    known = get_type_hints(kind)
    left_out = {"at", *(name for owner, name in _LEFT_OUT if owner is kind)}
    return {field.name: known[field.name] for field in fields(kind) if field.name not in left_out}


def kind_of(kind: type) -> str:
    """`SecretFiles` -> `secret-files`: tells apart the items of a list of several classes."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__.rstrip("_")).lower()


def classes(hint: Any) -> tuple[type, ...]:
    """The dataclasses that a type may hold, inside tuples and unions."""
    if is_dataclass(hint) and isinstance(hint, type):
        return (hint,)
    return tuple(one for part in get_args(hint) for one in classes(part))


def view(service: Resolved, known: Collection[Route]) -> View:
    """`known`: the routes of the merged spec, so that a part is placed where it was written."""
    return View(build(_mapping(service, (), known), ()))


def _mapping(one: Any, above: Route, known: Collection[Route]) -> dict[str, Any]:
    kind: type = type(one)
    at = getattr(one, "at", ()) or above
    made: dict[str, Any] = {}
    joined, _, roles = ROLES.get(kind, ("", None, {}))
    for name, hint in hints(kind).items():
        value = getattr(one, name)
        if name in roles:
            made.setdefault(joined, []).extend(_with_role(value, roles[name], at, known))
            continue
        route = (*at, name)
        quantity = (kind, name) in QUANTITIES
        made[name] = At(route if route in known else at, _value(value, hint, route, at, known, quantity))
    return made


def _with_role(value: Any, role: str, at: Route, known: Collection[Route]) -> Iterator[At]:
    for one in value if isinstance(value, tuple) else () if value is None else (value,):
        yield At(one.at or at, {"role": role, **_mapping(one, at, known)})


def _value(value: Any, hint: Any, route: Route, at: Route, known: Collection[Route], quantity: bool) -> Any:
    if is_dataclass(value):
        several = len(classes(hint)) > 1
        inside = {**({"kind": kind_of(type(value))} if several else {}), **_mapping(value, at, known)}
        return At(getattr(value, "at", ()) or at, inside)
    if hint == PAIRS or isinstance(value, Mapping):
        pairs = value.items() if isinstance(value, Mapping) else value
        nearest = route if route in known else at
        return {
            key: At(
                (*route, key) if (*route, key) in known else nearest,
                _value(item, _inner(hint), (*route, key), nearest, known, quantity),
            )
            for key, item in pairs
        }
    if isinstance(value, tuple):
        return [_value(item, _inner(hint), route, at, known, False) for item in value]
    return number(value) if quantity else value


def _inner(hint: Any) -> Any:
    """The type of the items of a tuple or mapping, as far as it says which classes there are."""
    if get_origin(hint) in (Union, UnionType):
        return next((_inner(one) for one in get_args(hint) if one is not NoneType and get_args(one)), Any)
    parts = [one for one in get_args(hint) if one is not Ellipsis]
    return parts[-1] if parts else Any


def number(quantity: str) -> int | float | None:
    """`500m` -> 0.5, `1Gi` -> 1073741824; None for no quantity."""
    if not quantity:
        return None
    exact = amount(quantity)
    return int(exact) if exact.denominator == 1 else float(exact)

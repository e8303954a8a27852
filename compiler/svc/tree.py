"""Artifacts as plain data whose every part knows the route in the spec that caused it.

Lowering writes nested dicts and lists in the target's own words and wraps a value in `At` where a part of the
spec caused it; `build` takes the wrappers off and keeps the routes. Parts without a wrapper belong to the nearest
ancestor that has one. Data is compared, origins are not: `read(render(tree)) == tree`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from svc.diagnostics import Route
from svc.records import dataclass, field

Data = Any
"""None, bool, int, float, str, list or dict with string keys; nothing else."""
EXACT = 2**53
"""Up to here a float of 64 bits is one whole number and no other (IEEE 754); JSON, JavaScript and Helm's values have no others."""


encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""Plain data as JSON on one line: not the same for true, 1 and 1.0."""


@dataclass(frozen=True, slots=True)
class At:
    """A value with the route (in the merged spec) that caused it."""

    route: Route
    value: Any


@dataclass(frozen=True, slots=True)
class Tree:
    """Plain data plus, for parts of it, the route in the merged spec that caused them."""

    data: Data
    origins: Mapping[Route, Route] = field(default_factory=dict, compare=False, repr=False)

    def get(self, *route: str | int, default: Any = None) -> Any:
        """The value at a route, or `default` when any part of it is missing."""
        return value_at(self.data, route, default)

    def origin(self, route: Route) -> Route:
        """The spec route that caused the part at `route`: its own, or its nearest ancestor's."""
        for length in range(len(route), -1, -1):
            found = self.origins.get(route[:length])
            if found is not None:
                return found
        return ()


def value_at(data: Data, route: Iterable[str | int], default: Any = None) -> Any:
    """What is at a route of plain data, or `default` when any part of it is missing."""
    for part in route:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return default
    return data


def has(data: Data, keys: Iterable[str]) -> bool:
    """Whether mappings of plain data lead to a value, be it None, by these keys."""
    for key in keys:
        if not isinstance(data, (dict, Mapping)) or key not in data:
            return False
        data = data[key]
    return True


def mapping(node: Any, *keys: str) -> dict[str, Any]:
    """The mapping at `keys`; empty when there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def items(node: Any, *keys: str) -> list[Any]:
    """The list at `keys`; empty when there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, list) else []


def mappings(node: Any, *keys: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of the list at `keys` that are mappings, with their indexes."""
    found = items(node, *keys)
    return iter([(index, item) for index, item in enumerate(found) if isinstance(item, dict)] if found else ())


def build(value: Any, origin: Route = ()) -> Tree:
    """Plain data and its origins from data in which some values are wrapped in `At`.

    A dict entry whose value is None after unwrapping is kept; use `without_none` when absence is meant.
    """
    origins: dict[Route, Route] = {(): origin}
    return Tree(_unwrap(value, [], origins), origins)


def _unwrap(value: Any, route: list[str | int], origins: dict[Route, Route]) -> Data:
    """`route` is where the value stands; it is as before afterwards."""
    kind = type(value)
    if kind is str or kind is int or kind is bool:
        return value
    while kind is At:
        origins[tuple(route)] = value.route
        value = value.value
        kind = type(value)
    if kind is dict or (kind is not list and isinstance(value, Mapping)):
        made: dict[str, Any] = {}
        for key, item in value.items():
            kind, name = type(item), str(key)
            if kind is str or kind is int or kind is bool:
                made[name] = item
                continue
            route.append(name)
            made[name] = _unwrap(item, route, origins)
            route.pop()
        return made
    if isinstance(value, (list, tuple)):
        listed = []
        for index, item in enumerate(value):
            route.append(index)
            listed.append(_unwrap(item, route, origins))
            route.pop()
        return listed
    return value


def without_none(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something: None, also inside `At`, means absent. Empty lists and dicts stay."""
    return {
        key: value
        for key, value in mapping.items()
        if value is not None and (type(value) is not At or bare(value) is not None)
    }


def bare(value: Any) -> Any:
    """A value without its `At` wrappers (outermost only)."""
    while isinstance(value, At):
        value = value.value
    return value


def same(one: Data, other: Data) -> bool:
    """Equality that does not take True for 1, 1.0 for 1 or -0.0 for 0.0; NaN is itself, and a tuple is a list."""
    if one is other:
        return True
    kind = type(one)
    if kind is str:
        return kind is type(other) and bool(one == other)
    if kind is not type(other):
        return isinstance(one, list | tuple) and isinstance(other, list | tuple) and same([*one], [*other])
    if kind is dict:
        if len(one) != len(other):
            return False
        for key, item in one.items():
            if key not in other or not (item is other[key] or same(item, other[key])):
                return False
        return True
    if kind is list or kind is tuple:
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) if kind is not float else repr(one) == repr(other)


def walk(data: Data, route: Route = ()) -> Iterator[tuple[Route, Data]]:
    """Every node of plain data with its route, parents first."""
    waiting: list[tuple[Route, Data]] = [(route, data)]
    while waiting:
        one = waiting.pop()
        yield one
        at, node = one
        if isinstance(node, dict):
            waiting += [((*at, key), item) for key, item in reversed(node.items())]
        elif isinstance(node, list):
            waiting += [((*at, index), item) for index, item in reversed([*enumerate(node)])]

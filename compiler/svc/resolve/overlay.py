"""Layers of a spec merged into one, each value remembering its layer.

Order: workspace defaults < profile < service < workspace defaults of the environment < the service's environment < --set.
Maps merge by key, lists and scalars replace, null removes. A key keeps the position of its first appearance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from svc.diagnostics import Anchor, Place, Problem, Route
from svc.model.base import Part
from svc.model.load import model_at
from svc.model.mapped import fields_of
from svc.model.process import Amounts, Resources
from svc.model.service import Service
from svc.model.spelled import Spelled
from svc.parse import Document
from svc.patterns import regex
from svc.records import dataclass, field
from svc.resolve.unit import Origin
from svc.suggest import nearest


@dataclass(frozen=True, slots=True)
class Layer:
    """`name` in words; `data` with non-string scalars as `Spelled`; `place` leads from a route of it to a file."""

    name: str
    data: Any
    place: Callable[[Route, Anchor], Place]


@dataclass(frozen=True, slots=True)
class Merged:
    """`removed`: what a null of a layer took away; `idle`: the nulls that had nothing to take away."""

    data: dict[str, Any]
    origins: dict[Route, Origin]
    keys: dict[Route, Place]
    removed: dict[Route, Origin] = field(default_factory=dict)
    idle: dict[Route, Origin] = field(default_factory=dict)

    def place(self, route: Route, anchor: Anchor) -> Place:
        """Where a merged route was set: its own place, or its nearest ancestor's."""
        for length in range(len(route), -1, -1):
            found = self.origins.get(route[:length])
            if found is not None:
                exact = length == len(route)
                place = self.keys.get(route[:length], found.place) if anchor == "key" or not exact else found.place
                return Place(place.file, place.span, route)
        raise AssertionError("the root has no origin")


def annotated(document: Document, route: Route = ()) -> Any:
    """A document's data with every scalar that is not a string wrapped in `Spelled`."""
    node = document.data
    for part in route:
        node = node[part]
    return _annotate(node, route, document)


def _annotate(node: Any, route: Route, document: Document) -> Any:
    if isinstance(node, dict):
        return {key: _annotate(item, (*route, key), document) for key, item in node.items()}
    if isinstance(node, list):
        return [_annotate(item, (*route, index), document) for index, item in enumerate(node)]
    if isinstance(node, str):
        return node
    return Spelled(node, document.text(route) or ("" if node is None else str(node)))


def layer_of(name: str, document: Document, route: Route, data: Any) -> Layer:
    """A layer from the part of a document at a route."""
    return Layer(name, data, lambda inner, anchor: document.place((*route, *inner), anchor))


def merge(layers: Iterable[Layer]) -> Merged:
    """All layers in one, lowest first. A layer whose data is no mapping adds nothing (the model has said so)."""
    merged = Merged({}, {}, {})
    for layer in layers:
        if isinstance(layer.data, dict):
            if () not in merged.origins or layer.name == SERVICE:  # what is missing is missing in the service itself
                merged.origins[()] = Origin(layer.name, layer.place((), "value"))
            into(merged, merged.data, layer.data, (), layer)
    return merged


SERVICE = "service"
"""The layer that is the spec itself, without its environments."""


def _null(value: Any) -> bool:
    return value is None or (isinstance(value, Spelled) and value.value is None)


def into(merged: Merged, target: dict[str, Any], source: Mapping[str, Any], route: Route, layer: Layer) -> None:
    """Puts a layer's mapping over the merged one at a route: maps merge, everything else replaces, null removes."""
    if route[-1:] == ("resources",) and model_at(Service, route) is Resources:
        source = _without_nulls(merged, target, source, route, layer)
        _in_the_form_of(merged, target, source, route)
    for key, value in source.items():
        here = (*route, key)
        if _null(value):
            _remove(merged, target, key, here, layer, here)
            continue
        existing = target.get(key)
        if isinstance(value, dict) and key in target and not isinstance(existing, dict):
            existing = long_form(merged, existing, here)
            target[key] = existing
        if key in target and not (isinstance(value, dict) and isinstance(existing, dict)):
            forget(merged, here)
        merged.origins[here] = Origin(layer.name, layer.place(here, "value"))
        merged.keys[here] = layer.place(here, "key")
        merged.removed.pop(here, None)
        if isinstance(value, dict):
            if not isinstance(existing, dict):
                target[key] = {}
            into(merged, target[key], value, here, layer)
        else:
            target[key] = copied(value)
            record(merged, value, here, layer)


_AMOUNTS = tuple(fields_of(Amounts))


def _without_nulls(
    merged: Merged, target: dict[str, Any], source: Mapping[str, Any], route: Route, layer: Layer
) -> dict[str, Any]:
    """What is left of a layer's resources when its nulls have removed what is below, in whichever form that is."""
    for key in [key for key, value in source.items() if _null(value)]:
        here, requests = (*route, key), target.get("requests")
        if key in _AMOUNTS and key not in target and isinstance(requests, dict) and key in requests:
            _remove(merged, requests, key, (*route, "requests", key), layer, here)
        elif key == "requests" and key not in target and not target.keys().isdisjoint(_AMOUNTS):
            for one in _AMOUNTS:
                if one in target:
                    _remove(merged, target, one, (*route, one), layer, here)
        else:
            _remove(merged, target, key, here, layer, here)
    return {key: value for key, value in source.items() if not _null(value)}


def _in_the_form_of(merged: Merged, target: dict[str, Any], source: Mapping[str, Any], route: Route) -> None:
    """`cpu` and `requests: {cpu}` mean the same: what is below takes the form of what is put over it."""
    short = any(not _null(source.get(one)) for one in _AMOUNTS)
    long, requests = not _null(source.get("requests")), target.get("requests")
    if long and not short and not isinstance(requests, dict):
        below = [one for one in _AMOUNTS if one in target]
        if below:
            merged.origins[(*route, "requests")] = merged.origins[(*route, below[0])]
            target["requests"] = {one: _moved(merged, target, one, route, (*route, "requests")) for one in below}
    elif short and not long and isinstance(requests, dict) and requests.keys() <= set(_AMOUNTS):
        found = {one: _moved(merged, requests, one, (*route, "requests"), route) for one in tuple(requests)}
        del target["requests"]
        forget(merged, (*route, "requests"))
        target.update(found)


def _moved(merged: Merged, target: dict[str, Any], key: str, before: Route, after: Route) -> Any:
    """A value taken out of its mapping, its origin at its new route."""
    old, new = (*before, key), (*after, key)
    merged.origins[new] = merged.origins.pop(old)
    if old in merged.keys:
        merged.keys[new] = merged.keys.pop(old)
    return target.pop(key)


def _remove(merged: Merged, target: dict[str, Any], key: str, here: Route, layer: Layer, said: Route) -> None:
    """`said`: where the layer has the null."""
    origin = Origin(layer.name, layer.place(said, "key"))
    if key not in target:
        merged.idle[here] = origin
        return
    del target[key]
    forget(merged, here)
    merged.removed[here] = origin


def copied(value: Any) -> Any:
    """A value of a layer that can be changed without changing the layer."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def long_form(merged: Merged, value: Any, route: Route) -> Any:
    """A short form, `redis` for `{type: redis}`, spelled out where a higher layer adds to it."""
    owner = model_at(Service, route)
    if isinstance(value, list) or not isinstance(owner, type) or not issubclass(owner, Part) or not owner.SHORT_MERGES:
        return value
    merged.origins[(*route, owner.SHORT)] = merged.origins[route]
    return {owner.SHORT: value}


def record(merged: Merged, value: Any, route: Route, layer: Layer) -> None:
    """Notes a layer as the origin of everything inside a value of it."""
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, list):
        items = enumerate(value)
    elif isinstance(value, dict):
        items = value.items()
    for key, item in items:
        here = (*route, key)
        merged.origins[here] = Origin(layer.name, layer.place(here, "value"))
        merged.keys[here] = layer.place(here, "key")
        record(merged, item, here, layer)


def forget(merged: Merged, route: Route) -> None:
    """Takes away the origins of a value that is replaced or removed, and of everything inside it."""
    size = len(route)
    for table in (merged.origins, merged.keys, merged.removed):
        for known in [known for known in table if known[:size] == route]:
            del table[known]


_WAY_OUT = {
    "service.image": "`${service.image}` stands in `inline` manifests alone",
    **{
        f"environment.{key}": f"write `{key}` of the environment into svc-workspace.yaml, or the value itself"
        for key in ("domain", "region", "account", "cluster")
    },
    "service.team": "write `team`, or the value itself",
}
_FACT = regex(r"\$\$|\$\{(environment|service)\.([A-Za-z_]*)\}")


def filled(text: str, known: Callable[[str], str]) -> str:
    """A text with `${environment.*}` and `${service.*}` replaced by what is known of each."""
    return _FACT.sub(lambda match: match[0] if match[0] == "$$" else known(f"{match[1]}.{match[2]}"), text)


def substitute(merged: Merged, facts: Mapping[str, str]) -> tuple[Any, list[Problem]]:
    """The data with `${environment.*}` and `${service.*}` replaced by the facts, and the references that are none."""
    problems: list[Problem] = []

    def visit(node: Any, route: Route) -> Any:
        if isinstance(node, dict):
            return {key: visit(item, (*route, key)) for key, item in node.items()}
        if isinstance(node, list):
            return [visit(item, (*route, index)) for index, item in enumerate(node)]
        if isinstance(node, str) and "${" in node:
            return filled(node, lambda fact: known(fact, route))
        return node

    def known(name: str, route: Route) -> str:
        written = f"${{{name}}}"
        if name == "service.image" and route[:1] == ("manifests",) and route[2:3] == ("inline",):
            return written  # known when the service is resolved
        if facts.get(name):
            return facts[name]
        allowed = sorted(key for key, value in facts.items() if value)
        detail = "has no value in this environment" if name in facts else "is not known"
        problems.append(
            Problem(
                "reference-unknown",
                route,
                f"{written} {detail}; known are {', '.join(allowed)}{'' if name in facts else nearest(name, allowed)}",
                _WAY_OUT.get(name, ""),
                words=written,
            )
        )
        return "unknown"

    return visit(merged.data, ()), problems

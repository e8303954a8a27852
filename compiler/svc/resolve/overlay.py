"""Layers of a spec merged into one, each value remembering its layer.

Order: workspace defaults < profile < service < workspace defaults of the environment < the service's environment < --set.
Maps merge by key, lists and scalars replace, null removes. A key keeps the position of its first appearance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from svc.diagnostics import Anchor, Place, Problem, Route
from svc.model.base import Part
from svc.model.load import model_at
from svc.model.scalars import Spelled
from svc.model.service import Service
from svc.parse import Document
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
    data: dict[str, Any]
    origins: dict[Route, Origin]
    keys: dict[Route, Place]

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
            merged.origins[()] = Origin(layer.name, layer.place((), "value"))
            _into(merged, merged.data, layer.data, (), layer)
    return merged


def _null(value: Any) -> bool:
    return value is None or (isinstance(value, Spelled) and value.value is None)


def _into(merged: Merged, target: dict[str, Any], source: Mapping[str, Any], route: Route, layer: Layer) -> None:
    for key, value in source.items():
        here = (*route, key)
        existing = target.get(key)
        if _null(value):
            if key in target:
                del target[key]
                _forget(merged, here)
            continue
        if isinstance(value, dict) and key in target and not isinstance(existing, dict):
            existing = _long_form(merged, existing, here)
            target[key] = existing
        if not (isinstance(value, dict) and isinstance(existing, dict)) and key in target:
            _forget(merged, here)
        merged.origins[here] = Origin(layer.name, layer.place(here, "value"))
        merged.keys[here] = layer.place(here, "key")
        if isinstance(value, dict):
            if not isinstance(existing, dict):
                target[key] = {}
            _into(merged, target[key], value, here, layer)
        else:
            target[key] = value
            if isinstance(value, list):
                _record(merged, value, here, layer)


def _long_form(merged: Merged, value: Any, route: Route) -> Any:
    """A short form, `redis` for `{type: redis}`, spelled out where a higher layer adds to it."""
    owner = model_at(Service, route)
    if isinstance(value, list) or not isinstance(owner, type) or not issubclass(owner, Part) or not owner.SHORT_MERGES:
        return value
    merged.origins[(*route, owner.SHORT)] = merged.origins[route]
    return {owner.SHORT: value}


def _record(merged: Merged, value: Any, route: Route, layer: Layer) -> None:
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, list):
        items = enumerate(value)
    elif isinstance(value, dict):
        items = value.items()
    for key, item in items:
        here = (*route, key)
        merged.origins[here] = Origin(layer.name, layer.place(here, "value"))
        merged.keys[here] = layer.place(here, "key")
        _record(merged, item, here, layer)


def _forget(merged: Merged, route: Route) -> None:
    size = len(route)
    for table in (merged.origins, merged.keys):
        for known in [known for known in table if known[:size] == route]:
            del table[known]


_FACT = re.compile(r"(?<!\$)\$\{(environment|service)\.([A-Za-z_]*)\}")


def substitute(merged: Merged, facts: Mapping[str, str]) -> tuple[Any, list[Problem]]:
    """The data with `${environment.*}` and `${service.*}` replaced by the facts, and the references that are none."""
    problems: list[Problem] = []

    def visit(node: Any, route: Route) -> Any:
        if isinstance(node, dict):
            return {key: visit(item, (*route, key)) for key, item in node.items()}
        if isinstance(node, list):
            return [visit(item, (*route, index)) for index, item in enumerate(node)]
        if isinstance(node, str) and "${" in node:
            return _FACT.sub(lambda match: known(f"{match[1]}.{match[2]}", route), node)
        return node

    def known(name: str, route: Route) -> str:
        if facts.get(name):
            return facts[name]
        allowed = sorted(key for key, value in facts.items() if value)
        detail = "has no value in this environment" if name in facts else "is not known"
        problems.append(
            Problem(
                "reference-unknown",
                route,
                f"${{{name}}} {detail}; known are {', '.join(allowed)}{nearest(name, allowed)}",
            )
        )
        return "unknown"

    return visit(merged.data, ()), problems

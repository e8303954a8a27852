"""A spec in one environment as people look at it: every value, and in a few words which layer set it and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from svc.diagnostics import Route
from svc.model.base import Part
from svc.model.health import Health
from svc.model.load import model_at
from svc.model.service import Service
from svc.resolve.derived import Derived, derived
from svc.resolve.overlay import Merged, copied
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Origin


@dataclass(frozen=True, slots=True)
class Note:
    """Where a value comes from. `layer` is "default" for one that nobody set; `why` is then the field's own words."""

    layer: str
    file: str = ""
    line: int = 0
    why: str = ""

    @property
    def text(self) -> str:
        if self.layer == "default":
            return f"default: {self.why}"
        place = f"{self.file}:{self.line}" if self.line else self.file
        return place if self.layer in ("service", "--set") else f"{place} {self.layer}"


def shown(merged: Merged, resolved: Resolved | None = None) -> tuple[dict[str, Any], Mapping[Route, Note]]:
    """The merged values with the language's own defaults and what was worked out, and a note for every leaf."""
    data: dict[str, Any] = copied(merged.data)
    notes: dict[Route, Note] = {}
    _visit(data, (), merged, notes)
    for one in derived(resolved) if resolved is not None else ():
        if one.value not in ("", None):
            _put(data, notes, one)
    return data, notes


def _put(data: dict[str, Any], notes: dict[Route, Note], one: Derived) -> None:
    """Sets a value that the spec does not; a short form above it becomes the long one."""
    route = one.route
    if route[-2:-1] == ("requests",) and {"cpu", "memory", "storage"} & set(_at(data, route[:-2])):
        route = (*route[:-2], route[-1])
    node: Any = data
    for depth, part in enumerate(route[:-1], 1):
        below = node.setdefault(part, {})
        if not isinstance(below, dict):
            key = _short(route[:depth])
            if not key:
                return
            below = node[part] = {key: below}
            if route[:depth] in notes:
                notes[(*route[:depth], key)] = notes.pop(route[:depth])
        node = below
    if node.get(route[-1]) is None:
        node[route[-1]] = one.value
        notes[route] = Note("default", why=one.why)


def _at(data: Any, route: Route) -> Any:
    for part in route:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _short(route: Route) -> str:
    owner = model_at(Service, route)
    return "http" if owner is Health else owner.SHORT if owner is not None and issubclass(owner, Part) else ""


def _visit(node: Any, route: Route, merged: Merged, notes: dict[Route, Note]) -> None:
    if not isinstance(node, dict) or not node:
        origin = merged.origins.get(route)
        if origin is not None:
            notes[route] = _note(origin)
        return
    for key, value in node.items():
        _visit(value, (*route, key), merged, notes)
    owner = model_at(Service, route)
    for name, field in (owner.model_fields if owner is not None else {}).items():
        key = field.alias or name
        default = field.get_default(call_default_factory=True, validated_data={})
        if key in node or not isinstance(default, bool | int | str | list) or default in ("", []):
            continue
        node[key] = default
        removed = merged.removed.get((*route, key))
        why = str(field.description).rstrip(".")
        notes[(*route, key)] = Note("default", why=f"{why} (removed by {_note(removed).text})" if removed else why)


def _note(origin: Origin) -> Note:
    place = origin.place
    return Note(origin.layer, place.file, place.span.line if place.span is not None else 0)

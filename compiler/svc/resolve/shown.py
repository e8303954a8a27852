"""A spec in one environment as people look at it: every value, and in a few words which layer set it and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.diagnostics import Route
from svc.model.base import Part
from svc.model.health import Health
from svc.model.load import model_at
from svc.model.mapped import fields_of
from svc.model.service import Service
from svc.parse import Document
from svc.records import dataclass
from svc.resolve.derived import WORKSPACE, Derived, derived
from svc.resolve.overlay import Merged, copied
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Origin


@dataclass(frozen=True, slots=True)
class Note:
    """Where a value comes from. `layer` is "default" for one that nobody set and "workspace" for one that a setting of
    the workspace decides; `why` is then in words, and the place is what it was worked out from."""

    layer: str
    file: str = ""
    line: int = 0
    why: str = ""
    of: str = ""
    """For a default: the layer of the value that it was worked out from."""

    @property
    def text(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        if self.layer == "default":
            return f"default: {self.why}" + (f", from {_place(place, self.of)}" if place else "")
        if self.layer == WORKSPACE:
            return f"{place} {WORKSPACE}: {self.why}"
        return _place(place, self.layer)


def _place(place: str, layer: str) -> str:
    return place if layer in ("service", "--set") else f"{place} {layer}"


def shown(
    merged: Merged, resolved: Resolved | None = None, workspace: Document | None = None
) -> tuple[dict[str, Any], Mapping[Route, Note]]:
    """The merged values with the language's own defaults and what was worked out, and a note for every leaf."""
    data: dict[str, Any] = copied(merged.data)
    notes: dict[Route, Note] = {}
    _visit(data, (), merged, notes)
    for one in derived(resolved) if resolved is not None else ():
        if one.value not in ("", None):
            _put(data, notes, one, _worked_out(one, merged, workspace))
    return data, notes


def _worked_out(one: Derived, merged: Merged, workspace: Document | None) -> Note:
    """What a value was worked out from: a setting of the workspace, a value of the spec, or nothing but our own default."""
    for route in one.of:
        if route[0] == WORKSPACE:
            own = route[1:]
            if workspace is not None and workspace.get(own) is not None:
                place = workspace.place(own)
                return Note(WORKSPACE, place.file, place.span.line if place.span is not None else 0, one.why)
        elif route in merged.origins:
            origin = _note(merged.origins[route])
            return Note("default", origin.file, origin.line, one.why, origin.layer)
    return Note("default", why=one.why)


def _put(data: dict[str, Any], notes: dict[Route, Note], one: Derived, note: Note) -> None:
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
    settled = notes[route].layer if route in notes else ""
    if node.get(route[-1]) is None or (note.layer == WORKSPACE and settled == "default"):
        node[route[-1]] = one.value
        notes[route] = note


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
    for field in (fields_of(owner) if owner is not None else {}).values():
        key, default = field.key, field.value()
        if key in node or not isinstance(default, bool | int | str | list) or default in ("", []):
            continue
        node[key] = default
        removed = merged.removed.get((*route, key))
        why = str(field.description).rstrip(".")
        notes[(*route, key)] = Note("default", why=f"{why} (removed by {_note(removed).text})" if removed else why)


def _note(origin: Origin) -> Note:
    place = origin.place
    return Note(origin.layer, place.file, place.span.line if place.span is not None else 0)

"""`--set ROUTE=VALUE`: one value above all layers, a dotted route with [index], the value as YAML writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svc.diagnostics import Place, Problem, Route, shown
from svc.model.spelled import Spelled, kind_of
from svc.parse import parse
from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.overlay import Layer, Merged, annotated, copied, forget, into, long_form, record
from svc.resolve.unit import Origin
from svc.source import Source
from svc.tree import value_at

OPTION = "--set"
_PART = regex(r"\[(?P<index>[0-9]+)\]|\[\"(?P<quoted>[^\"]+)\"\]|(?P<dot>\.?)(?P<word>[^.\[\]=\s\"]+)")
_NOT_HERE = {
    "environments": "it stands above all environments: write the route without `environments`, and choose one with --env",
    "waivers": "a waiver stands in a file, with its reason",
}


class OverrideError(ValueError):
    """An argument that is no ROUTE=VALUE; the message says why."""


@dataclass(frozen=True, slots=True)
class Override:
    """`text` is the argument as it was given; `value` has its non-string scalars as `Spelled`."""

    text: str
    route: Route
    value: Any

    @property
    def layer(self) -> Layer:
        return Layer(OPTION, self.value, lambda route, _anchor: Place(f"{OPTION} {self.text}", None, route))


def route_of(text: str) -> tuple[Route, str]:
    """The route that a text begins with, and the rest: `a.b[0]["c.d"]=1` gives the route and `=1`."""
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or (match["word"] is not None and bool(match["dot"]) != bool(parts)):
            break
        parts.append(int(match["index"]) if match["index"] is not None else match["quoted"] or match["word"])
        position = match.end()
    return tuple(parts), text[position:]


def override(text: str) -> Override:
    """One argument; raises OverrideError."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise OverrideError("it is not UTF-8")
    route, rest = route_of(text)
    if not route or isinstance(route[0], int):
        raise OverrideError("a route begins with a key of the spec, such as scale.min=3")
    if not rest.startswith("="):
        if "=" not in text:
            raise OverrideError("it is not ROUTE=VALUE, such as scale.min=3")
        found = rest.split("=")[0]
        raise OverrideError(f'the route ends at “{found}”: write a.b[0], and a key with dots as ["a.b"]')
    if route[0] in _NOT_HERE:
        raise OverrideError(_NOT_HERE[str(route[0])])
    return Override(text, route, _value(rest[1:]))


def _value(text: str) -> Any:
    if not text.strip():
        raise OverrideError("there is no value: write null to remove, and '\"\"' for an empty text")
    parsed = parse(Source(OPTION, text))
    if parsed.problems:
        raise OverrideError(f"the value is no YAML: {parsed.problems[0].message}")
    if len(parsed.documents) != 1:
        raise OverrideError("the value is not one YAML value")
    return annotated(parsed.documents[0])


def put(merged: Merged, one: Override) -> Problem | None:
    """Sets the value in merged data, or says why the route does not lead into it. An index is one that is there, or the next."""
    problem = _put(merged, one)
    if problem is not None:
        merged.origins[one.route] = Origin(OPTION, one.layer.place(one.route, "value"))
        merged.keys.pop(one.route, None)
    return problem


def _put(merged: Merged, one: Override) -> Problem | None:
    last = max((index for index, part in enumerate(one.route) if isinstance(part, int)), default=-1)
    if last < 0:
        into(merged, merged.data, _nested(one.route, one.value), (), one.layer)
        return None
    before, index, rest = one.route[:last], one.route[last], one.route[last + 1 :]
    assert isinstance(index, int)
    items = _at(merged.data, before)
    if not isinstance(items, list):
        found = "nothing is set there" if items is None else f"there is {kind_of(items)}"
        return Problem("set-no-list", one.route, f"`{shown(before)}` is no list: {found}")
    fits = index < len(items) or (index == len(items) and not rest)
    if not fits:
        message = f"`{shown(before)}` has {len(items)} item{'s' if len(items) != 1 else ''}, so there is no [{index}]"
        return Problem("set-no-item", one.route, message, f"[{len(items)}] without anything behind it adds one")
    _item(merged, items, index, (*before, index), rest, one)
    return None


def _item(merged: Merged, items: list[Any], index: int, here: Route, rest: Route, one: Override) -> None:
    value = _nested(rest, one.value)
    if index == len(items):
        items.append(None)
    if isinstance(value, dict):
        known = items[index] if isinstance(items[index], dict) else long_form(merged, items[index], here)
        if isinstance(known, dict):
            items[index] = known
            into(merged, known, value, here, one.layer)
            return
    forget(merged, here)
    items[index] = copied(value)
    record(merged, {index: value}, here[:-1], one.layer)


def _nested(route: Sequence[str | int], value: Any) -> Any:
    for part in reversed(route):
        value = {str(part): value}
    return value


def _at(node: Any, route: Route) -> Any:
    node = value_at(node, route)
    return None if isinstance(node, Spelled) and node.value is None else node

"""From a generated line back to what caused it: the spec's line, the layer that set it, or a built-in default."""

from __future__ import annotations

import json
from typing import Any

from svc.diagnostics import Place, Route, shown
from svc.kubernetes.types import Manifest
from svc.parse import parse_one
from svc.patterns import regex
from svc.pipeline import Compiled, Piece
from svc.records import dataclass, replace
from svc.resolve.unit import Unit
from svc.source import Source
from svc.targets.protocol import Rendered

_UNPRINTED = "\0"
"""What keys begin with that no mapping has."""
_VALUES = regex(r"""\.Values(?P<dotted>(\.\w+)+)|\.Values(?P<quoted>( "([^"\\]|\\.)*")+)""")
_VALUES_FILE = regex(r"(?:^|/)values(?:-([^/]+))?\.yaml$")
_ASKED = regex(r"\s*\{\{-?\s*(?:else\s+)?if\s")
_KEY = regex(r"\s*([A-Za-z]+):")
_QUOTED = regex(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Cause:
    """What caused a generated line in some environments ("" stands for all).

    `part` is the route in the generated artifact, `route` the one in the merged spec; `layer` is in words.
    """

    part: str
    route: Route
    layer: str
    place: Place
    environments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is the line as svc writes it now; `causes` is empty for lines that belong to the file as a whole."""

    path: str
    text: str
    piece: Piece
    causes: tuple[Cause, ...]
    value: str = ""
    """The value of a chart that the line, or the directive that it belongs to, prints."""
    whole: bool = False
    """The file is made of the spec as a whole: no place in it is known to come from one line."""


def line(compiled: Compiled, path: str, number: int) -> Line | None:
    """What caused line `number` (from 1) of a generated file; None when no service generates it.

    A line that nothing in the spec speaks of belongs to the nearest part above it.
    """
    for piece in compiled.pieces:
        rendered = piece.target.render(piece.artifact)
        if path in rendered.files:
            return line_of(piece, rendered, path, number)
    return None


def line_of(piece: Piece, rendered: Rendered, path: str, number: int, keys: tuple[Route, ...] = ()) -> Line:
    """As `line`, for a piece that is rendered already. `keys`: those of the value that the line prints."""
    lines = rendered.files[path].split("\n")
    written = lines[number - 1] if number <= len(lines) else ""
    rows = [row for file, row in rendered.lines.values() if file == path and row <= number]
    nearest = max(rows, default=0)
    parts = [part for part, place in rendered.lines.items() if place == (path, nearest)]
    value = _value(lines[nearest - 1]) if nearest else ""
    key = _KEY.fullmatch(lines[nearest]) if value and nearest < len(lines) else None
    if key is not None:  # of a mapping that is there only when the value is not empty
        keys = tuple((key[1], *one) for one in keys)
    if any(file == path for file, _ in rendered.lines.values()):
        return Line(path, written, piece, _causes(piece, parts, value, keys) if parts else (), value)
    return Line(path, written, piece, _of_value(piece, rendered, path, number), whole=True)


def _of_value(piece: Piece, rendered: Rendered, path: str, number: int) -> tuple[Cause, ...]:
    """What caused a value of a chart: what caused the lines of templates that print it, in the environment of the file."""
    named = _VALUES_FILE.search(path)
    documents = parse_one(Source(path, rendered.files[path])).documents if named is not None else ()
    if named is None or not documents:
        return ()
    document = documents[0]
    above = {route: document.span(route, "key").line for route in document.nodes if route}
    nearest = max((line for line in above.values() if line <= number), default=0)
    route = next((one for one in sorted(above, key=len, reverse=True) if above[one] == nearest), ())
    below = tuple(one for one in document.nodes if one[:-1] == route and route) or (route,)
    printing = _printing(rendered)
    for length in range(len(route), 0, -1):
        places = printing.get(".".join(str(part) for part in route[:length]), ())
        keys = tuple(one[length:] for one in below if one[length:])
        found = [cause for place in places for cause in line_of(piece, rendered, *place, keys).causes]
        wanted = [one for one in found if named[1] is None or {"", named[1]} & set(one.environments)]
        if wanted:
            only = [replace(one, environments=(named[1],)) if named[1] else one for one in wanted]
            return tuple(dict.fromkeys(only))
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _printing(rendered: Rendered) -> dict[str, list[tuple[str, int]]]:
    """By value of the chart: where templates print it, or ask for it where they do not print it."""
    found: dict[str, list[tuple[str, int]]] = {}
    asked: dict[str, list[tuple[str, int]]] = {}
    placed = {file for file, _ in rendered.lines.values()}
    for file in sorted(placed):
        for number, text in enumerate(rendered.files[file].split("\n"), 1):
            if value := _value(text):
                into = asked if _ASKED.match(text) else found
                into.setdefault(value, []).append((file, number))
    return {**asked, **found}


def _value(directive: str) -> str:
    found = _VALUES.search(directive)
    if found is None:
        return ""
    return (found["dotted"] or shown(tuple(json.loads(one) for one in _QUOTED.findall(found["quoted"])))).lstrip(".")


def _printed(route: Route) -> Route:
    """A route without the name that a printer gives to lines which have no key of their own."""
    return next((route[:at] for at, part in enumerate(route) if str(part).startswith(_UNPRINTED)), route)


def _set_by(unit: Unit, environment: str, route: Route) -> tuple[Route, str, Place]:
    """The route, the layer and the place that set a value; layer `default` when no layer says it."""
    known = unit.origins[environment or unit.first.environment]
    origin = unit.origin(environment, route)
    return route, origin.layer if route and route in known else "default", origin.place


def _causes(piece: Piece, parts: list[tuple[str, Route]], value: str, keys: tuple[Route, ...]) -> tuple[Cause, ...]:
    """What is printed of a value where the template has nothing itself has no cause in the spec, but for the value's keys
    that the spec brings there."""
    subjects = {subject.key: subject for subject in piece.subjects}
    grouped: dict[tuple[str, Route, str, Place], list[str]] = {}
    longest = max(len(route) for _, route in parts)
    for key, route in parts:
        subject = subjects.get(key)
        if subject is None or len(route) < longest:
            continue
        printed = _printed(route)
        for made in _made(subject.artifact, printed, keys) if printed != route else (printed,):
            spec = () if value and made == printed != route else subject.artifact.origin(made)
            where = (shown(made), *_set_by(piece.unit, subject.environment, spec))
            grouped.setdefault(where, []).append(subject.environment)
    return tuple(Cause(*where, tuple(sorted(set(names)))) for where, names in grouped.items())


def _made(artifact: Any, printed: Route, keys: tuple[Route, ...]) -> tuple[Route, ...]:
    """The keys of a value that an object has where the value is printed; without keys, the place."""
    if not keys or not isinstance(artifact, Manifest):
        return (printed,)
    return tuple((*printed, *one) for one in keys if artifact.tree.get(*printed, *one) is not None)

"""From a generated line back to what caused it: the spec's line, the layer that set it, or a built-in default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.diagnostics import Place, Route, shown
from svc.pipeline import Compiled, Piece
from svc.resolve.unit import Unit


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


def paths(compiled: Compiled) -> Iterator[tuple[str, Piece, str]]:
    """Every generated path with its piece and text."""
    for piece in compiled.pieces:
        for path, text in piece.target.render(piece.artifact).files.items():
            yield path, piece, text


def line(compiled: Compiled, path: str, number: int) -> Line | None:
    """What caused line `number` (from 1) of a generated file; None when no service generates it.

    A line that nothing in the spec speaks of belongs to the nearest part above it.
    """
    for piece in compiled.pieces:
        rendered = piece.target.render(piece.artifact)
        text = rendered.files.get(path)
        if text is None:
            continue
        lines = text.split("\n")
        written = lines[number - 1] if number <= len(lines) else ""
        at: dict[int, list[tuple[str, Route]]] = {}
        for (key, route), (file, row) in rendered.lines.items():
            if file == path:
                at.setdefault(row, []).append((key, route))
        nearest = max((row for row in at if row <= number), default=None)
        found = _causes(piece, at[nearest]) if nearest is not None else ()
        return Line(path, written, piece, found)
    return None


def _set_by(unit: Unit, environment: str, route: Route) -> tuple[Route, str, Place]:
    """The route, the layer and the place that set a value; layer `default` when no layer says it."""
    known = unit.origins[environment or unit.first.environment]
    origin = unit.origin(environment, route)
    return route, origin.layer if route and route in known else "default", origin.place


def _causes(piece: Piece, parts: list[tuple[str, Route]]) -> tuple[Cause, ...]:
    subjects = {subject.key: subject for subject in piece.subjects}
    grouped: dict[tuple[str, Route, str, Place], list[str]] = {}
    longest = max(len(route) for _, route in parts)
    for key, route in parts:
        subject = subjects.get(key)
        if subject is None or len(route) < longest:
            continue
        spec = subject.artifact.origin(route)
        where = (shown(route), *_set_by(piece.unit, subject.environment, spec))
        grouped.setdefault(where, []).append(subject.environment)
    return tuple(Cause(*where, tuple(sorted(set(names)))) for where, names in grouped.items())

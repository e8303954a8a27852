"""What is wrong in some environments alone says in which: what one reads at its place is right in the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from svc.diagnostics import Diagnostic, Place, Related, Route, Span
from svc.parse import Document
from svc.records import replace
from svc.resolve.unit import LOCAL


def told(said: Mapping[str, Sequence[Diagnostic]], documents: Sequence[Document | None]) -> list[Diagnostic]:
    """`said`: by environment; `documents`: the spec and its workspace."""
    whose: dict[Diagnostic, dict[str, None]] = {}
    for name, found in said.items():
        for one in found:
            whose.setdefault(one, {})[name] = None
    deployed = {name for name in said if name != LOCAL}
    there = [one for one in documents if one is not None]
    return [one if deployed <= {*names} else _noted(one, [*names], there) for one, names in whose.items()]


def _noted(one: Diagnostic, names: Sequence[str], documents: Sequence[Document]) -> Diagnostic:
    """With the place of the first environment, unless the fault stands below one of them."""
    parts = [
        (document, route)
        for document in documents
        for name in names
        if (route := ("environments", name)) in document.nodes
    ]
    if not parts or any(_holds(document, route, one.place) for document, route in parts):
        return one
    document, route = parts[0]
    return replace(one, related=(*one.related, Related(f"in {', '.join(names)}", document.place(route, "key"))))


def _holds(document: Document, route: Route, place: Place) -> bool:
    key, whole = document.place(route, "key"), document.nodes[route].span
    if place.span is None or place.file != key.file or key.span is None:
        return False
    return _begin(key.span) <= _begin(place.span) and _begin(place.span) <= (whole.end_line, whole.end_column)


def _begin(span: Span) -> tuple[int, int]:
    return span.line, span.column

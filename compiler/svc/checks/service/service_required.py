"""A service does not say something: the key at the end of a path is missing, null or empty."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._service import EMPTY, Found, applies, called, nodes
from svc.checks._service import wrong as wrong
from svc.records import dataclass
from svc.resolve.view import View
from svc.routes import parse_route


@dataclass(frozen=True, slots=True)
class Params:
    key: str = ""
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def check(view: View, params: Params) -> Iterator[Found]:
    if not applies(view, params):
        return
    path = parse_route(params.key)
    for route, above in nodes(view, path[:-1], params):
        if path[-1] in ("*", "**"):
            if above in EMPTY:
                yield route, f"{called(view, route)} is empty"
        elif isinstance(above, dict) and above.get(path[-1]) in EMPTY:
            there = (*route, path[-1])
            yield there if path[-1] in above else route, f"{called(view, there)} is missing"

"""A value of a service is not one of those allowed, or is a forbidden one. Texts may be globs; lists are judged by item."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from svc.checks._service import Found, called, values
from svc.checks._service import wrong as path_wrong
from svc.diagnostics import Route
from svc.records import dataclass
from svc.resolve.view import View


@dataclass(frozen=True, slots=True)
class Params:
    key: str = ""
    allowed: tuple[object, ...] = ()
    forbidden: tuple[object, ...] = ()
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def check(view: View, params: Params) -> Iterator[Found]:
    for place, value in values(view, params):
        for route, one in _each(place, value):
            if params.allowed and not any(_is(one, other) for other in params.allowed):
                listed = ", ".join(_text(other) for other in params.allowed)
                yield route, f"{called(view, route)} is `{_text(one)}`; allowed are {listed}"
            elif any(_is(one, other) for other in params.forbidden):
                yield route, f"{called(view, route)} is `{_text(one)}`, which is not allowed"


def wrong(params: Params) -> Iterator[tuple[str, str]]:
    yield from path_wrong(params)
    if not params.allowed and not params.forbidden:
        yield "allowed", "`allowed` or `forbidden` must name values"


def _each(route: Route, value: Any) -> Iterator[tuple[Route, Any]]:
    if isinstance(value, list):
        yield from (((*route, index), one) for index, one in enumerate(value))
    else:
        yield route, value


def _is(value: Any, other: object) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        return fnmatchcase(value, other)
    return type(value) is type(other) and value == other


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""A text of a service does not match a regular expression, or, with `keys`, the keys of a mapping do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._service import Found, called, values
from svc.checks._service import wrong as path_wrong
from svc.patterns import Pattern
from svc.records import dataclass
from svc.resolve.view import View


@dataclass(frozen=True, slots=True)
class Params:
    key: str = ""
    pattern: Pattern = ""
    keys: bool = False
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def check(view: View, params: Params) -> Iterator[Found]:
    form = re.compile(params.pattern)
    for route, value in values(view, params):
        if params.keys and isinstance(value, dict):
            for key in value:
                if not form.search(key):
                    yield (*route, key), f"`{key}` in {called(view, route)} does not match `{params.pattern}`"
        elif isinstance(value, str | list):
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and not form.search(text):
                    yield route, f"{called(view, route)} is `{text}`, which does not match `{params.pattern}`"


def wrong(params: Params) -> Iterator[tuple[str, str]]:
    yield from path_wrong(params)
    if not params.pattern:
        yield "pattern", "`pattern` is a regular expression; use ^ and $ for the whole text"

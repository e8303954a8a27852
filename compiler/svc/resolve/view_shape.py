"""Which keys the view of a service has: from the types that it is made of, so that a path with a slip is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from svc.diagnostics import Route
from svc.records import is_dataclass
from svc.resolve.types.process import Process
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.resolve.view import PAIRS, ROLES, classes, hints
from svc.suggest import nearest

Part = tuple[str, Any]
ANY, DEEP = "*", "**"
"""In a path: every item or key, and any number of parts."""


def parts(hint: Any) -> Iterator[Part]:
    """The keys below a value of a type, each with its type; `*` stands for every item, `**` for anything at all."""
    if is_dataclass(hint) and isinstance(hint, type):
        yield from _fields(hint)
    elif get_origin(hint) in (Union, UnionType):
        known = [one for one in get_args(hint) if one is not NoneType]
        if len(classes(hint)) > 1:
            yield "kind", str
        for one in known:
            yield from parts(one)
    elif hint == PAIRS:
        yield ANY, str
    elif get_origin(hint) is tuple:
        for one in get_args(hint):
            if one is not Ellipsis:
                yield ANY, one
    elif isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        yield ANY, get_args(hint)[1]
    elif hint in (Any, object):
        yield DEEP, hint


def _fields(kind: type) -> Iterator[Part]:
    if kind in (Workload, Process):
        yield "role", str
    joined, item, roles = ROLES.get(kind, ("", None, {}))
    seen = False
    for name, hint in hints(kind).items():
        if name not in roles:
            yield name, hint
        elif not seen:
            seen = True
            yield joined, tuple[item, ...]  # type: ignore[valid-type]


def problem(path: Route) -> str:
    """What is wrong with a path in the view; empty when something may stand there."""
    here: list[Any] = [Resolved]
    for number, part in enumerate(path):
        if part == DEEP:
            here = list(_below(here))
            continue
        below = [one for hint in here for one in parts(hint)]
        if any(name == DEEP for name, _ in below) and DEEP not in path[:number]:
            return ""
        free = not (number and path[number - 1] == DEEP)  # a word after `**` names a key, not an item of any mapping
        here = [hint for name, hint in below if part in (name, ANY) or (free and name == ANY)]
        if not here:
            names = sorted({name for name, _ in below})
            above = ".".join(str(one) for one in path[:number]) or "a service"
            if DEEP in path[:number]:
                return f"there is no `{part}` anywhere below{nearest(str(part), names)}"
            said = f"; it has {', '.join(names)}" if names else ""
            return f"`{above}` has no `{part}`{nearest(str(part), names) or said}"
    return ""


def misfit(data: Any, hint: Any = Resolved, route: Route = ()) -> tuple[Route, str] | None:
    """The first part of some data that a view never has; data may leave out whatever it likes."""
    below = list(parts(hint))
    if any(name == DEEP for name, _ in below):
        return None
    if isinstance(data, dict):
        items: list[tuple[str | int, Any]] = list(data.items())
    else:
        items = list(enumerate(data)) if isinstance(data, list) else []
    for key, value in items:
        inside = [one for name, one in below if name in (key, ANY)]
        if not inside:
            names = sorted({name for name, _ in below})
            return (*route, key), f"there is no `{key}` in a service{nearest(str(key), names)}"
        found = [misfit(value, one, (*route, key)) for one in inside]
        if all(found):
            return found[0]
    return None


def _below(here: list[Any], depth: int = 8) -> Iterator[Any]:
    """The types themselves and all below them."""
    yield from here
    inside = [hint for one in here for name, hint in parts(one) if name != DEEP]
    if inside and depth:
        yield from _below(inside, depth - 1)

"""Old words of the language: they keep working, each with a warning at its place that says what to write.

A document with old words becomes one with the new words whose places are still those of the old text, so that no later
stage knows of them. `svc lint --fix` writes the new words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from svc.diagnostics import Diagnostic, Related, Route, Severity, shown
from svc.parse import Document
from svc.records import dataclass, replace
from svc.routes import parse_route
from svc.tree import Data

Kind = Literal["service", "workspace"]

VERSION = "svc/v1"
VERSIONS = ("svc/v1alpha1", "svc/v1beta1")
"""Old values of `apiVersion`: what they say is read as the present one."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A key that got another name or place. `*` is any key or index; `new` has as many, for the same ones in order."""

    old: Route
    new: Route
    since: str


Fields = Mapping[Kind, Sequence[Renamed]]

FIELDS: Fields = {"service": (), "workspace": ()}
"""Every field that was renamed. A field of a service is looked for in each layer that can say it."""

_LAYERS: Mapping[Kind, Sequence[Route]] = {
    "service": ((), ("environments", "*")),
    "workspace": (("defaults",), ("environments", "*", "defaults"), ("profiles", "*")),
}


@dataclass(frozen=True, slots=True)
class Old:
    """An old word in a document: the value at `route` belongs at `new`; with `value`, that belongs in its stead."""

    route: Route
    new: Route
    since: str
    value: str | None = None


def old_words(data: Data, kind: Kind, fields: Fields = FIELDS, versions: Sequence[str] = VERSIONS) -> tuple[Old, ...]:
    """What is old in the data, in the order in which it is to be replaced."""
    if not isinstance(data, dict):
        return ()
    found: list[Old] = []
    if data.get("apiVersion") in versions:
        found.append(Old(("apiVersion",), ("apiVersion",), "", VERSION))
    found += _waivers(data, fields["service"])
    if kind == "workspace":
        found += [one for renamed in fields[kind] for one in _matches(data, renamed, ())]
    for layer in _LAYERS[kind]:
        for start in _expanded(data, layer):
            found += [one for renamed in fields["service"] for one in _matches(data, renamed, start)]
    return tuple(found)


def _matches(data: Data, renamed: Renamed, start: Route) -> Iterator[Old]:
    for route in _expanded(data, (*start, *renamed.old)):
        yield Old(route, (*start, *_moved(route[len(start) :], renamed)), renamed.since)


def _moved(route: Route, renamed: Renamed) -> Route:
    chosen = iter([part for part, wanted in zip(route, renamed.old, strict=False) if wanted == "*"])
    return (*(next(chosen) if part == "*" else part for part in renamed.new), *route[len(renamed.old) :])


def _expanded(data: Data, pattern: Route) -> Iterable[Route]:
    """The routes in the data that a pattern stands for."""
    found: list[tuple[Route, Data]] = [((), data)]
    for part in pattern:
        deeper: list[tuple[Route, Data]] = []
        for route, value in found:
            if part == "*" and isinstance(value, dict | list):
                items = value.items() if isinstance(value, dict) else enumerate(value)
                deeper += [((*route, key), item) for key, item in items]
            elif isinstance(value, dict) and part in value:
                deeper.append(((*route, part), value[part]))
        found = deeper
    return [route for route, _ in found]


def _waivers(data: dict[str, Data], fields: Sequence[Renamed]) -> Iterator[Old]:
    """Waivers name routes too."""
    for route in _expanded(data, ("waivers", "*", "at")):
        at = data["waivers"][route[1]]["at"]
        words = parse_route(at) if isinstance(at, str) else ()
        for one in fields:
            same = len(words) >= len(one.old) and all(b in ("*", a) for a, b in zip(words, one.old, strict=False))
            if same:
                yield Old(route, route, one.since, shown(_moved(words, one)))


def updated(
    document: Document, kind: Kind, fields: Fields = FIELDS, versions: Sequence[str] = VERSIONS
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document in the words of today, and what is to be said about the old ones."""
    said: list[Diagnostic] = []
    left: set[Route] = set()
    while todo := [one for one in old_words(document.data, kind, fields, versions) if one.route not in left]:
        if occupied(document, todo[0]):
            left.add(todo[0].route)
            said.append(_both(document, todo[0]))
        else:
            said.append(_warning(document, todo[0]))
            document = _with(document, todo[0])
    return document, tuple(said)


def occupied(document: Document, one: Old) -> bool:
    """Whether something stands already where an old word's value belongs."""
    if one.value is not None:
        return False
    above = (document.get(one.new[:length]) for length in range(1, len(one.new)))
    return one.new in document.nodes or not all(value is None or isinstance(value, dict) for value in above)


def _warning(document: Document, one: Old) -> Diagnostic:
    old = document.get(one.route)
    if one.route == ("apiVersion",):
        message, id_ = f"`{old}` is an old version of the language; it is read as `{VERSION}`", "deprecated-version"
    elif one.value is not None:
        message, id_ = f"`{old}` is called `{one.value}` since {one.since}", "deprecated-name"
    else:
        message, id_ = f"`{shown(one.route)}` is called `{shown(one.new)}` since {one.since}", "deprecated-name"
    wanted = one.value if one.value is not None else shown(one.new)
    place = document.place(one.route, "key" if one.value is None else "value")
    return Diagnostic(id_, Severity.WARNING, message, place, f"write `{wanted}`; `svc lint --fix` does it")


def _both(document: Document, one: Old) -> Diagnostic:
    message = f"`{shown(one.route)}` is the old name of `{shown(one.new)}`, and both are set"
    related = (Related("the new name", document.place(one.new, "key")),)
    place = document.place(one.route, "key")
    return Diagnostic("renamed-key-twice", Severity.ERROR, message, place, "remove the old one", related)


def _with(document: Document, one: Old) -> Document:
    data = _copied(document.data)
    if one.value is not None:
        _put(data, one.new, one.value)
        return replace(document, data=data)
    value = _taken(data, one.route)
    _put(data, one.new, value)
    size = len(one.route)

    def moved(route: Route) -> Route:
        return (*one.new, *route[size:]) if route[:size] == one.route else route

    nodes = {moved(route): node for route, node in document.nodes.items()}
    written = document.nodes[one.route]
    for length in range(len(one.new)):  # mappings that only the new place has are shown at the old key
        nodes.setdefault(one.new[:length], written._replace(text=None, head=written.key_mark))
    return replace(document, data=data, nodes=nodes, homes={moved(key): home for key, home in document.homes.items()})


def _copied(data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _copied(item) for key, item in data.items()}
    return [_copied(item) for item in data] if isinstance(data, list) else data


def _taken(data: Data, route: Route) -> Data:
    for part in route[:-1]:
        data = data[part]
    return data.pop(route[-1])


def _put(data: Data, route: Route, value: Data) -> None:
    for part in route[:-1]:
        if isinstance(data, dict) and data.get(str(part)) is None:
            data[str(part)] = {}
        data = data[part]
    data[route[-1]] = value

"""Fixes of specs and workspaces: old words, and findings whose cause is one setting of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svc.diagnostics import Diagnostic, Route
from svc.edit.emptied import emptied
from svc.edit.types import RefusedError
from svc.edit.yaml import Change, Delete, Rename, Set, change
from svc.model.renames import FIELDS, VERSIONS, Fields, Kind, Old, occupied, old_words
from svc.parse import Document, parse
from svc.source import Source

WORDS = ("deprecated-name", "deprecated-version")


def kind_of(document: Document) -> Kind | None:
    """Whether a document is a spec or a workspace; None for other people's YAML."""
    data = document.data
    if not isinstance(data, dict) or not str(data.get("apiVersion", "")).startswith("svc/"):
        return None
    named = document.source.name.rpartition("/")[2].startswith("svc-workspace")
    return "workspace" if named or data.get("kind") == "Workspace" else "service"


def renewed(one: Diagnostic, source: Source, fields: Fields = FIELDS, versions: tuple[str, ...] = VERSIONS) -> str:
    """The text with the old word at a finding's place replaced. Raises RefusedError."""
    document = parse(source).documents[0]
    kind = kind_of(document)
    for old in old_words(document.data, kind, fields, versions) if kind else ():
        if old.route == one.place.route:
            return _renewed(source, document, old)
    raise RefusedError("the old word cannot be found")


def _renewed(source: Source, document: Document, old: Old) -> str:
    if old.value is not None:
        return change(source, 0, Set(old.route, old.value))
    if occupied(document, old):
        raise RefusedError("the new name is set too")
    if old.new[:-1] == old.route[:-1] and isinstance(old.new[-1], str):
        return change(source, 0, Rename(old.route, old.new[-1]))
    value = document.get(old.route)
    if isinstance(value, dict | list) and "#" in _written(source, document, old.route):
        raise RefusedError("there are comments in what would be moved")
    moved = change(source, 0, Set(old.new, value))
    return change(Source(source.name, moved), 0, Delete(old.route))


def _written(source: Source, document: Document, route: Route) -> str:
    span = document.nodes[route].span
    first = document.span(route, "key").line
    return "\n".join(source.lines[first - 1 : span.end_line])


SpecFix = Callable[[Document, Route, Diagnostic], Iterator[Change]]
"""Document, the route in it of what the finding is about, the finding -> what is to be changed."""


def settled(one: Diagnostic, judged: Source, source: Source, fix: SpecFix) -> str:
    """The text with the cause changed of a finding in `judged`, an earlier state of it.

    Raises RefusedError where the cause stands elsewhere.
    """
    at = _written_at(parse(judged).documents[0], one)
    changes = list(fix(parse(source).documents[0], at, one))
    if not changes:
        raise RefusedError("its cause is not a setting of its own at this place")
    for step in changes:
        source = Source(source.name, change(source, 0, step))
    return source.text


def _written_at(document: Document, one: Diagnostic) -> Route:
    """A finding's route is in the merged spec; what it is about may stand in a layer of this file."""
    route, span = one.place.route, one.place.span
    if route in document.nodes and span in (document.span(route), document.span(route, "key")):
        return route
    for start in [known for known in document.nodes if known[:1] == ("environments",) and len(known) == 2]:
        whole = (*start, *route)
        if whole in document.nodes and span in (document.span(whole), document.span(whole, "key")):
            return whole
    if not route:
        return ()
    raise RefusedError("its cause is written in another place")


def without(key: str, value: object) -> SpecFix:
    """A setting at the finding's place or below it that stands in the way of a better default."""

    def fix(document: Document, at: Route, _one: Diagnostic) -> Iterator[Change]:
        route = at if at[-1:] == (key,) else (*at, key)
        if route in document.nodes and document.get(route) == value:
            yield Delete(route)

    return fix


def without_capability(document: Document, at: Route, one: Diagnostic) -> Iterator[Change]:
    """The item of the list that the message names."""
    given = document.get(at)
    for index, name in enumerate(given if isinstance(given, list) else ()):
        if f"adds capability `{str(name).removeprefix('CAP_')}`" in one.message:
            yield Delete((*at, index))
            return


def _keeps(data: object) -> bool:
    """Whether there are volumes that outlive a pod, anywhere in a spec, or it is replaced only when it has stopped."""
    if isinstance(data, list):
        return any(_keeps(item) for item in data)
    if not isinstance(data, dict):
        return False
    volumes = data.get("volumes")
    kept = volumes.values() if isinstance(volumes, dict) else ()
    if any(not (isinstance(one, dict) and one.get("scratch")) for one in kept):
        return True
    stopped = data.get("workload") == "statefulset" or data.get("strategy") == "recreate"
    return stopped or any(_keeps(item) for item in data.values())


def two(document: Document, at: Route, _one: Diagnostic) -> Iterator[Change]:
    """Two replicas where one is written, and the process keeps nothing of its own."""
    if _keeps(document.data):
        raise RefusedError("it has storage of its own, and a second replica may be a second, empty store")
    for route in (at, (*at, "replicas"), (*at, "min")):
        if document.get(route) == 1 and "scale" in route:
            yield Set(route, 2)
            return


def entry(document: Document, at: Route, _one: Diagnostic) -> Iterator[Change]:
    """An entry that has no effect."""
    if at in document.nodes:
        yield Delete(emptied(document.data, at, 3 if at[0] == "environments" else 1))

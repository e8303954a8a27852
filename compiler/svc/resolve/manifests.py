"""Kubernetes objects of the user's own, from files or in the spec, each part with the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Diagnostic, Route, Severity
from svc.model.spelled import quoted
from svc.parse import Document, parse
from svc.patterns import regex
from svc.resolve.context import Context
from svc.resolve.references import ROOTS
from svc.resolve.types.delivery import RawObject
from svc.resolve.unit import ForeignFile, Origin
from svc.source import Unreadable
from svc.tree import Data, walk

_ROOTS = "|".join(ROOTS)
_ESCAPED = regex(rf"\$\$\{{(?=(?:environment|service|{_ROOTS})\.)")
_STAYS = regex(rf"(?<!\$)\$\{{((?:{_ROOTS})\.[\w.-]+)\}}")
_NAMES = (
    ("apiVersion", regex(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"), "apps/v1"),
    ("kind", regex(r"[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?"), "ConfigMap"),
)
_SHAPE = "an object has apiVersion, kind and metadata with a name"


def manifests(context: Context) -> tuple[RawObject, ...]:
    """The objects in the spec's order; compose has no use for them."""
    if context.local:
        return ()
    if context.service.manifests and "helm" in context.service.own:
        message = "`manifests` has no effect: the chart is your own"
        help_ = "put the objects into the chart, or remove helm from `own`"
        context.report("manifests-without-chart", ("manifests",), message, help=help_, anchor="key")
    found: list[RawObject] = []
    for name, given in context.service.manifests.items():
        at: Route = ("manifests", name)
        if given.file is not None:
            found += _from_file(context, given.file, at)
        else:
            found += _inline(context, given.inline, (*at, "inline"))
    return tuple(found)


def _inline(context: Context, value: Any, at: Route) -> Iterator[RawObject]:
    from svc.model.spelled import in_order, plain

    data = _unescaped(_with_image(context, in_order(plain(value)), at))
    wrong = _wrong(data)
    if wrong is None:
        yield RawObject(_without_null(data), at)
    else:
        context.report("manifest-not-an-object", (*at, *wrong[0]), wrong[1], help=_SHAPE)


_IMAGE = "${service.image}"


def _with_image(context: Context, data: Data, at: Route) -> Data:
    """The service's own image, which a deploy sets by its digest: the chart has to know where it stands."""
    if isinstance(data, dict):
        return {str(key): _with_image(context, item, (*at, key)) for key, item in data.items()}
    if isinstance(data, list):
        return [_with_image(context, item, (*at, index)) for index, item in enumerate(data)]
    for name in dict.fromkeys(_STAYS.findall(data)) if isinstance(data, str) else ():
        message = f"${{{name}}} stays as it is written: manifests know ${{environment...}} and ${{service...}} alone"
        help_ = "write the value, or $${ if it is meant"
        context.report("reference-stays", at, message, help=help_, severity=Severity.WARNING, words=f"${{{name}}}")
    if not isinstance(data, str) or _IMAGE not in data.replace(f"${_IMAGE}", ""):
        return data
    if data == _IMAGE or not context.image.built:
        return data.replace(_IMAGE, context.image.reference)
    message = f"{_IMAGE} stands alone in its value: the digest is known when the image is built"
    context.report("reference-unreadable", at, message, help="give the value to a container's `image`", words=_IMAGE)
    return data


def _from_file(context: Context, path: str, at: Route) -> Iterator[RawObject]:
    source = context.read(path)
    if isinstance(source, Unreadable):
        message = f"`{path}` cannot be read: {source.message}"
        route = (*at, "file") if (*at, "file") in context.origins else at
        context.report("manifest-unreadable", route, message, help="paths are relative to the spec's folder")
        return
    parsed = parse(source)
    context.files.append(ForeignFile(source, parsed.documents))
    if parsed.problems:
        context.diagnostics.extend(parsed.problems)
        return
    objects = [one for document in parsed.documents for one in _objects(document, document.data, ())]
    if not objects:
        context.report("manifest-not-an-object", at, f"there is no object in `{path}`", help=_SHAPE)
    for index, (document, data, prefix) in enumerate(objects):
        wrong = _wrong(data)
        if wrong is not None:
            place = document.place((*prefix, *wrong[0]))
            context.diagnostics.append(Diagnostic("manifest-not-an-object", Severity.ERROR, wrong[1], place, _SHAPE))
            continue
        here = (*at, index)
        for route, _ in walk(data):
            inside = (*prefix, *route)
            context.origins[(*here, *route)] = Origin(f"file {path}", document.place(inside))
            context.keys[(*here, *route)] = document.place(inside, "key")
        yield RawObject(_without_null(data), here)


def _objects(document: Document, data: Data, prefix: Route) -> Iterator[tuple[Document, Data, Route]]:
    """The objects of a document, lists of the API taken apart; an empty document has none."""
    if data is None:
        return
    items = data.get("items") if isinstance(data, dict) else None
    if isinstance(items, list) and str(data.get("kind", "")).endswith("List"):
        for index, item in enumerate(items):
            yield from _objects(document, item, (*prefix, "items", index))
    else:
        yield document, data, prefix


def _wrong(data: Data) -> tuple[Route, str] | None:
    """Where data is no object of the API, and why."""
    if not isinstance(data, dict):
        return (), "this is no Kubernetes object"
    for key, pattern, example in _NAMES:
        if not isinstance(data.get(key), str) or not data[key]:
            return ((key,) if key in data else ()), f"this object has no {key}"
        if not pattern.fullmatch(data[key]):
            return (key,), f"{quoted(data[key])} is no {key} of Kubernetes, such as {example}"
    meta = data.get("metadata")
    name = meta.get("name") if isinstance(meta, dict) else None
    if not isinstance(name, str) or not name:
        return (("metadata",) if "metadata" in data else ()), f"this {data['kind']} has no name"
    return None


def _without_null(data: Data) -> Data:
    """The API takes a key with null for one that is not there; so does Helm, which drops it from values."""
    if isinstance(data, dict):
        return {str(key): _without_null(item) for key, item in data.items() if item is not None}
    return [_without_null(item) for item in data] if isinstance(data, list) else data


def _unescaped(data: Data) -> Data:
    if isinstance(data, dict):
        return {str(key): _unescaped(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_unescaped(item) for item in data]
    return _ESCAPED.sub("${", data) if isinstance(data, str) else data

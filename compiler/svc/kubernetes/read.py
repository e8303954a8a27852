"""Parsed YAML becomes Kubernetes objects that remember where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.diagnostics import Anchor, Place, Route, Span, Within
from svc.kubernetes.types import Manifest
from svc.parse import Document
from svc.records import dataclass
from svc.tree import Data, Tree


@dataclass(frozen=True, slots=True)
class ReadManifest:
    """`prefix` is the object's route in its document: empty, or `("items", 3)` in a List."""

    manifest: Manifest
    document: Document
    prefix: Route = ()

    def span(self, route: Route, anchor: Anchor = "value") -> Span:
        return self.document.span((*self.prefix, *route), anchor)

    def place(self, route: Route, anchor: Anchor = "value", within: Within | None = None) -> Place:
        return self.document.place((*self.prefix, *route), anchor, within)


def is_object(data: Data) -> bool:
    """Whether data calls itself an object of the Kubernetes API."""
    return isinstance(data, dict) and all(isinstance(data.get(key), str) for key in ("apiVersion", "kind"))


def read(documents: Iterable[Document]) -> tuple[ReadManifest, ...]:
    """The objects of all documents in their order; Lists are flattened, and what is no object is left out."""
    return tuple(one for document in documents for one in _objects(document, document.data, ()))


def kindless(documents: Iterable[Document]) -> Iterator[tuple[Document, Route]]:
    """What stands among objects and does not say what it is: the API would refuse it, and nobody can judge it."""
    for document in documents:
        data = document.data
        if isinstance(data, dict) and not is_object(data):
            yield document, ()
        for index, item in enumerate(_items(data)):
            if not is_object(_typed(data, item)):
                yield document, ("items", index)


def _items(data: Data) -> list[Data]:
    items = data.get("items") if is_object(data) and data["kind"].endswith("List") else None
    return items if isinstance(items, list) else []


def _typed(data: Data, item: Data) -> Data:
    """An item of a list with the kind that the list gives it: the API leaves it out of a PodList's items."""
    kind = data["kind"].removesuffix("List")
    if not kind or not isinstance(item, dict) or "kind" in item or "apiVersion" in item:
        return item
    return {"apiVersion": data["apiVersion"], "kind": kind, **item}


def _objects(document: Document, data: Data, prefix: Route) -> Iterator[ReadManifest]:
    if not is_object(data):
        return
    items = data.get("items")
    if data["kind"].endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            yield from _objects(document, _typed(data, item), (*prefix, "items", index))
    else:
        yield ReadManifest(Manifest(Tree(data)), document, prefix)

"""How a workflow is written where GitHub's YAML differs: it knows anchors, but no merge keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Diagnostic, Place, Severity, Span
from svc.libyaml import AliasEvent, CollectionEndEvent, MappingStartEvent, NodeEvent, ScalarEvent, SequenceStartEvent
from svc.source import Source
from svc.yaml_nodes import events


def problems(source: Source) -> Iterator[Diagnostic]:
    if "<<" not in source.text and "&" not in source.text:
        return
    keyed: list[bool | None] = []
    """Of each open collection whether a key is next; None in lists."""
    anchors: dict[str, tuple[Any, bool]] = {}
    for event in events(source.text):
        if isinstance(event, AliasEvent):
            name = str(event.anchor)
            anchors[name] = (anchors.get(name, (event, True))[0], True)
        elif isinstance(event, NodeEvent) and event.anchor:
            yield from _unused(source, anchors.pop(event.anchor, None), event.anchor)
            anchors[event.anchor] = (event, False)
        if isinstance(event, ScalarEvent) and keyed and keyed[-1] and event.value == "<<" and not event.style:
            message = "GitHub knows no merge key `<<`"
            help_ = "write the keys out, or put an alias where the whole mapping stands"
            yield Diagnostic("workflow-merge-key", Severity.ERROR, message, _place(source, event, 2), help_)
        if isinstance(event, CollectionEndEvent):
            keyed.pop()
        if isinstance(event, ScalarEvent | AliasEvent | CollectionEndEvent) and keyed and keyed[-1] is not None:
            keyed[-1] = not keyed[-1]
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            keyed.append(True if isinstance(event, MappingStartEvent) else None)
    for name, entry in anchors.items():
        yield from _unused(source, entry, name)


def _unused(source: Source, entry: tuple[Any, bool] | None, name: str) -> Iterator[Diagnostic]:
    if entry is not None and not entry[1]:
        message = f"the anchor `&{name}` is used nowhere"
        place = _place(source, entry[0], len(name) + 1)
        yield Diagnostic(
            "workflow-anchor-unused", Severity.WARNING, message, place, "remove it, or write `*" + name + "`"
        )


def _place(source: Source, event: Any, width: int) -> Place:
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    return Place(source.name, Span(line, column, line, column + width))

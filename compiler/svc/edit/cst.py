"""YAML as it is written: every node with the offsets of its text, so that an edit can touch it and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from svc.diagnostics import Route
from svc.edit.types import RefusedError
from svc.libyaml import AliasEvent, DocumentEndEvent, DocumentStartEvent, ScalarEvent, SequenceStartEvent
from svc.patterns import regex
from svc.records import dataclass, field
from svc.yaml_nodes import events

_COMMENT = regex(r"(?:^|(?<=\s))#[^\r\n]*")


@dataclass(slots=True)
class Node:
    """`start` includes anchor and tag, `body` does not; `end` is after the last character that belongs to it."""

    kind: str
    start: int
    body: int
    end: int
    flow: bool = False
    style: str = ""
    anchor: str = ""
    text: str = ""
    column: int = 0
    keys: list[Node] = field(default_factory=list)
    values: list[Node] = field(default_factory=list)

    def find(self, key: str | int) -> int:
        """The index of an own entry; -1 when there is none (or it comes from a merge)."""
        if self.kind == "seq":
            return key if isinstance(key, int) and 0 <= key < len(self.values) else -1
        return next((index for index, one in enumerate(self.keys) if one.text == key), -1)


@dataclass(slots=True)
class Written:
    """The non-empty documents of a text, as `parse` counts them."""

    text: str
    roots: list[Node] = field(default_factory=list)
    anchors: list[dict[str, Node]] = field(default_factory=list)
    scalars: list[tuple[int, int]] = field(default_factory=list)

    def node(self, document: int, route: Route) -> Node:
        """The node that a route leads to, through aliases. Raises RefusedError where there is none of its own."""
        node = self.follow(document, self.roots[document])
        for part in route:
            index = node.find(part)
            if index < 0:
                raise RefusedError(f"`{part}` is not written here; it comes from a merge or an alias")
            node = self.follow(document, node.values[index])
        return node

    def follow(self, document: int, node: Node) -> Node:
        return self.anchors[document][node.text] if node.kind == "alias" else node

    def comments(self) -> Counter[str]:
        return Counter(comment for _, comment in self.placed_comments())

    def placed_comments(self) -> list[tuple[int, str]]:
        """Every comment with its offset: what stands outside scalars after a `#`."""
        found: list[tuple[int, str]] = []
        position = 0
        for start, end in [*sorted(self.scalars), (len(self.text), len(self.text))]:
            for match in _COMMENT.finditer(self.text, position, start):
                found.append((match.start(), match.group().rstrip()))
            position = max(position, end)
        return found


def written(text: str) -> Written:
    """The nodes of a text that `parse` accepts."""
    made = Written(text)
    stack: list[Node] = []
    pending: list[Node | None] = []
    root: Node | None = None
    anchors: dict[str, Node] = {}
    for event in events(text):
        kind = type(event)
        if kind is DocumentStartEvent:
            stack, pending, root, anchors = [], [], None, {}
        elif kind is DocumentEndEvent:
            if root is not None and not (root.kind == "scalar" and not root.style and root.start == root.end):
                made.roots.append(root)
                made.anchors.append(anchors)
        elif hasattr(event, "anchor"):
            node = _node(event, text)
            if node.anchor and node.kind != "alias":
                anchors[node.anchor] = node
            if not stack:
                root = node
            elif stack[-1].kind == "map" and pending[-1] is None:
                pending[-1] = node
            else:
                if stack[-1].kind == "map":
                    stack[-1].keys.append(pending[-1] or node)
                    pending[-1] = None
                stack[-1].values.append(node)
            if node.kind in ("map", "seq"):
                stack.append(node)
                pending.append(None)
            else:
                made.scalars.append((node.start, node.end))
        elif stack and "End" in kind.__name__ and "Stream" not in kind.__name__:
            _close(stack.pop(), event, pending)
    return made


def _node(event: Any, text: str) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, AliasEvent):
        return Node("alias", start, start, end, text=event.anchor or "")
    body = start
    if event.anchor or event.tag:
        prefix = re.compile(r"(?:[&!]\S*\s*)+").match(text, start)
        body = min(prefix.end(), end) if prefix else start
    if isinstance(event, ScalarEvent):
        if event.style in ("|", ">"):
            kept = "+" in text[body:end].split("\n", 1)[0]
            end = end if kept else start + len(text[start:end].rstrip())
        return Node("scalar", start, body, end, style=event.style or "", anchor=event.anchor or "", text=event.value)
    sequence = isinstance(event, SequenceStartEvent)
    flow = bool(event.flow_style)
    body = end - 1 if flow else body
    return Node("seq" if sequence else "map", start, body, end, flow, "", event.anchor or "")


def _close(node: Node, event: Any, pending: list[Node | None]) -> None:
    pending.pop()
    node.end = event.end_mark.index if node.flow else max([node.start, *(one.end for one in node.values)])
    if node.flow:
        return
    first = node.keys[0].start if node.keys else node.body
    node.body = first

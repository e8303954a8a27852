"""What aliases and merge keys give a second place: the nodes of a document by their routes."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.tree import Data
from svc.yaml_nodes import Frame, Mark, Node, Nodes
from svc.yaml_problems import Problems

MAX_DEPTH = 100
MAX_ALIASED = 200_000
"""Nodes that aliases and merge keys may add to a file."""


class Shared:
    """`nodes`: those of the open document; `aliased`: how many of a file's are there for a second time."""

    def __init__(self, said: Problems) -> None:
        self._said = said
        self.aliased = 0
        self.begin({})

    def begin(self, nodes: Nodes) -> None:
        """A new document."""
        self.nodes = nodes
        self.forgotten: Nodes = {}

    def copy(self, value: Data, source: Route, target: Route, mark: Mark) -> None:
        """Give everything below `source` a second route below `target`."""
        nodes = self.nodes
        pending = [(value, source, target)]
        while pending:
            value, source, target = pending.pop()
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            for part, child in parts:
                below, route = (*source, part), (*target, part)
                nodes[route] = nodes.get(below) or self.forgotten[below]
                self.aliased += 1
                if isinstance(child, dict | list):
                    pending.append((child, below, route))
            if self.aliased > MAX_ALIASED:
                message = f"aliases expand to more than {MAX_ALIASED} values"
                self._said.fatal("yaml-alias-bomb", message, mark, "write the values out, or repeat less")
            if len(target) > MAX_DEPTH:
                message = f"aliases nest more than {MAX_DEPTH} levels deep"
                self._said.fatal("yaml-too-deep", message, mark, "split the value or flatten it")

    def merge(self, frame: Frame) -> None:
        """Replace `<<` by the entries of the mapping, or mappings, it names; a key of one's own wins."""
        origin: Route = (*frame.route, "<<")
        merged = frame.data["<<"]
        mark = self.nodes[origin].mark
        parts = [(merged, origin)]
        if isinstance(merged, list):
            parts = [(item, (*origin, index)) for index, item in enumerate(merged)]
        own = {key: value for key, value in frame.data.items() if key != "<<"}
        result: dict[str, Data] = {}
        for part, source in parts:
            if not isinstance(part, dict):
                self._said.fatal("yaml-bad-merge", "`<<` merges mappings only", mark, "write `<<: *name` of a mapping")
            for key, value in part.items():
                if key not in own and key not in result:
                    result[key] = value
                    route = (*frame.route, key)
                    self.nodes[route] = self.known((*source, key))
                    self.aliased += 1
                    if isinstance(value, dict | list):
                        self.copy(value, (*source, key), route, mark)
        self.forget(merged, origin)
        frame.data.clear()
        frame.data.update(result | own)

    def known(self, route: Route) -> Node:
        """The node of an anchor, which may stand in what was merged or replaced."""
        return self.nodes.get(route) or self.forgotten[route]

    def forget(self, value: Data, route: Route) -> None:
        pending = [(value, route)]
        while pending:
            value, route = pending.pop()
            self.forgotten[route] = self.nodes.pop(route)
            if isinstance(value, dict | list):
                parts = value.items() if isinstance(value, dict) else enumerate(value)
                pending.extend((child, (*route, part)) for part, child in parts)

"""Where a route of a Terraform module stands: its attribute's line, or its block's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from svc.diagnostics import Place, Route, Span, Within
from svc.patterns import regex

_HEAD = regex(r"([ \t]*)((?:\"(?:[^\"\\]|\\.)*\"|[^\s=:{\"]+)(?:[ \t]+(?:\"[^\"]*\"|[A-Za-z_][\w-]*))*)?")
"""What a line begins with: the name of an argument, or a block's type and names."""


class Places:
    """The file and line of each route in a module that was read from these texts; each text is cut into lines once."""

    def __init__(self, module: Any, texts: Mapping[str, str]) -> None:
        self._module, self._texts = module, texts
        self._lines: dict[str, list[str]] = {}

    def place(self, route: Route, _within: Within | None = None, /) -> Place:
        known = self._blocks
        found = [known[route[:length]] for length in range(1, len(route) + 1) if route[:length] in known]
        if not found:
            return Place(next(iter(self._module.files), self._module.path), Span(1, 1, 1, 1), route)
        _number, name, block = min(found, key=lambda one: one[0])
        return Place(name, self._span(name, _line(block, route[len(block.address) :])), route)

    @cached_property
    def _blocks(self) -> dict[Route, tuple[int, str, Any]]:
        """By address: its number, its file, and the first block that has it."""
        every = [(name, block) for name, blocks in self._module.files.items() for block in blocks if block.address]
        return {block.address: (number, name, block) for number, (name, block) in reversed([*enumerate(every)])}

    def _span(self, name: str, line: int) -> Span:
        """The name in a line."""
        if name not in self._lines:
            self._lines[name] = self._texts.get(name, "").split("\n")
        lines = self._lines[name]
        head = _HEAD.match(lines[line - 1]) if line <= len(lines) else None
        if head is None or not head[2]:
            return Span(line, 1, line, 1)
        return Span(line, head.end(1) + 1, line, head.end(2) + 1)


def _line(block: Any, rest: Route) -> int:
    if not rest:
        return int(block.line)
    for part in block.body:
        if getattr(part, "name", None) == rest[0]:
            return int(part.line or block.line)
    nested = block.blocks(str(rest[0]))
    index, after = (rest[1], rest[2:]) if len(rest) > 1 and isinstance(rest[1], int) else (0, rest[1:])
    if index < len(nested):
        return _line(nested[index], after)
    dynamic = (one for one in block.blocks("dynamic") if one.labels == (rest[0],))
    return next((_line(content, after) for one in dynamic for content in one.blocks("content")), int(block.line))

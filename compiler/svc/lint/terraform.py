"""Where a route of a Terraform module stands: its attribute's line, or its block's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.diagnostics import Place, Route, Span
from svc.patterns import regex

_HEAD = regex(r"([ \t]*)((?:\"(?:[^\"\\]|\\.)*\"|[^\s=:{\"]+)(?:[ \t]+(?:\"[^\"]*\"|[A-Za-z_][\w-]*))*)?")
"""What a line begins with: the name of an argument, or a block's type and names."""


def module_place(module: Any, route: Route, texts: Mapping[str, str]) -> Place:
    """The file and line of a route in a module that was read from these texts."""
    for name, blocks in module.files.items():
        for block in blocks:
            if block.address and route[: len(block.address)] == block.address:
                line = _line(block, route[len(block.address) :])
                return Place(name, _span(texts.get(name, ""), line), route)
    first = next(iter(module.files), module.path)
    return Place(first, Span(1, 1, 1, 1), route)


def _span(text: str, line: int) -> Span:
    """The name in a line."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return Span(line, 1, line, 1)
    head = _HEAD.match(text, start)
    if head is None or not head[2]:
        return Span(line, 1, line, 1)
    return Span(line, head.end(1) - start + 1, line, head.end(2) - start + 1)


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

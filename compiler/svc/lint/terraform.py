"""Where a route of a Terraform module stands: its attribute's line, or its block's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from svc.diagnostics import Place, Route, Span, Within
from svc.patterns import regex
from svc.targets.terraform.scan import TerraformError, balanced_end, clean, end_of_expression

_STATEMENT = regex(r"\"?\bStatement\b\"?\s*[=:]\s*")
_OPENING = regex(r"[\[{]")
_HEAD = regex(r"([ \t]*)((?:\"(?:[^\"\\]|\\.)*\"|[^\s=:{\"]+)(?:[ \t]+(?:\"[^\"]*\"|[A-Za-z_][\w-]*))*)?")
"""What a line begins with: the name of an argument, or a block's type and names."""


class Places:
    """The file and line of each route in a module that was read from these texts; each text is cut into lines once."""

    def __init__(self, module: Any, texts: Mapping[str, str]) -> None:
        self._module, self._texts = module, texts
        self._lines: dict[str, list[str]] = {}
        self._cleaned: dict[str, str] = {}

    def place(self, route: Route, within: Within | None = None, /) -> Place:
        """`within`: the number of a statement in a policy, or of an item in a list or a mapping."""
        known = self._blocks
        found = [known[route[:length]] for length in range(1, len(route) + 1) if route[:length] in known]
        if not found:
            return Place(next(iter(self._module.files), self._module.path), Span(1, 1, 1, 1), route)
        _number, name, block = min(found, key=lambda one: one[0])
        line = _line(block, route[len(block.address) :])
        whole = self._span(name, line)
        part = item(self._clean(name), line, str(route[-1]), within[0]) if within is not None else None
        return Place(name, whole, route) if part is None else Place(name, part, route, whole)

    def _clean(self, name: str) -> str:
        """The text without its comments, which keeps lines, and columns before a comment."""
        if name not in self._cleaned:
            self._cleaned[name] = clean(self._texts.get(name, ""))
        return self._cleaned[name]

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


def item(text: str, line: int, name: str, number: int) -> Span | None:
    """Where an item of an argument's value begins, up to its line's end: of its `Statement`, if it has one, else its own."""
    try:
        return _item(text, line, name, number)
    except TerraformError:  # a here-document need not be closed in itself
        return None


def _item(text: str, line: int, name: str, number: int) -> Span | None:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    argument = regex(rf"[ \t]*[\"(]*{re.escape(name)}[\")]*[ \t]*[=:]").match(text, start)
    if argument is None:
        return None
    end = end_of_expression(text, argument.end())
    stated = _STATEMENT.search(text, argument.end(), end)
    opened = _OPENING.search(text, stated.end() if stated is not None else argument.end(), end)
    if opened is None:
        return None
    single = stated is not None and opened[0] == "{"
    at = opened.start() if single else _nth(text, opened.end(), number)
    if at is None:
        return None
    row, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    stop = text.find("\n", at, end)
    return Span(row, column, row, column + len(text[at : stop if stop >= 0 else end].rstrip()))


def _nth(text: str, position: int, number: int) -> int | None:
    """Where the item begins that has this number, from 0, in a list or mapping that opens before the position."""
    new = True
    while position < len(text) and text[position] not in "]}":
        char = text[position]
        if new and not char.isspace() and char != ",":
            if number == 0:
                return position
            number, new = number - 1, False
        if char in '"{[(':
            position = balanced_end(text, position)
            continue
        new = new or char in ",\n"
        position += 1
    return None

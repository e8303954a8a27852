"""Where a route of a Terraform module stands: its attribute's line, or its block's."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from svc.diagnostics import Place, Route, Span, Within
from svc.patterns import regex
from svc.source import by_lines
from svc.targets.terraform.references import PATH, STEP, code, texts
from svc.targets.terraform.scan import NAME, TerraformError, balanced_end, clean, end_of_expression

_STATEMENT = regex(r"\"?\bStatement\b\"?\s*[=:]\s*")
_OPENING = regex(r"[\[{]")
_NAME = regex(rf"{NAME}(?:(?:\.{NAME})+|\(\))")
"""A name with its path, or of a function, which a route may end with: what an argument's expression refers to."""
_HEAD = regex(r"([ \t]*)((?:\"(?:[^\"\\]|\\.)*\"|[^\s=:{\"]+)(?:[ \t]+(?:\"[^\"]*\"|[A-Za-z_][\w-]*))*)?")
"""What a line begins with: the name of an argument, or a block's type and names."""


class Places:
    """The file and line of each route in a module that was read from these texts; each text is cut into lines once."""

    def __init__(self, module: Any, texts: Mapping[str, str]) -> None:
        self._module, self._texts = module, texts
        self._lines: dict[str, list[str]] = {}
        self._cleaned: dict[str, _Cleaned] = {}
        self._moved: dict[str, Callable[[Span], Span]] = {}
        self._arguments: dict[int, dict[str, Any]] = {}

    def place(self, route: Route, within: Within | None = None, /) -> Place:
        """`within`: the number of a statement in a policy or of an item in a list or a mapping, and the next one.

        Of texts, which characters of all expressions in the value, one after the other.
        """
        found = self._block(route)
        if found is None:
            return Place(next(iter(self._module.files), self._module.path), Span(1, 1, 1, 1), route)
        name, block = found
        meant = self._part(block, route[len(block.address) :])
        line = int(meant.line or block.line)
        whole = self._span(name, line)
        part = None
        if within is not None:
            cleaned, argument = self._clean(name), str(route[-1])
            counted = within[1] - within[0] == 1
            words = "" if counted else "".join(texts(getattr(meant, "value", None)))
            part = cleaned.item(line, argument, within[0]) if counted else cleaned.text(line, argument, words, within)
        elif len(route) > len(block.address) + 1 and _NAME.fullmatch(str(route[-1])):
            part = self._clean(name).named(line, str(route[-2]), str(route[-1]))
        moved = self._by_lines(name)
        return Place(name, moved(whole), route) if part is None else Place(name, moved(part), route, moved(whole))

    def _block(self, route: Route) -> tuple[str, Any] | None:
        """The file and the block that a route begins with, at the longest address: of several there, the first that has
        what the route goes on with."""
        for length in range(len(route), 0, -1):
            address, part = route[:length], route[length : length + 1]
            found = self._parts.get((address, part)) or self._blocks.get(address)
            if found is not None:
                return found
        return None

    def _part(self, block: Any, rest: Route) -> Any:
        """The argument or the block that a route leads to within a block; the block where it leads nowhere."""
        if not rest:
            return block
        if (part := self._named(block).get(str(rest[0]))) is not None:
            return part
        nested = block.blocks(str(rest[0]))
        index, after = (rest[1], rest[2:]) if len(rest) > 1 and isinstance(rest[1], int) else (0, rest[1:])
        if index < len(nested):
            return self._part(nested[index], after)
        dynamic = (one for one in block.blocks("dynamic") if one.labels == (rest[0],))
        return next((self._part(content, after) for one in dynamic for content in one.blocks("content")), block)

    def _named(self, block: Any) -> dict[str, Any]:
        """The arguments of a block by name, the first of each."""
        if id(block) not in self._arguments:
            named = reversed([part for part in block.body if hasattr(part, "name")])
            self._arguments[id(block)] = {part.name: part for part in named}
        return self._arguments[id(block)]

    def _by_lines(self, name: str) -> Callable[[Span], Span]:
        if name not in self._moved:
            self._moved[name] = by_lines(self._texts.get(name, ""))
        return self._moved[name]

    def _clean(self, name: str) -> _Cleaned:
        if name not in self._cleaned:
            text = self._texts.get(name, "")
            self._cleaned[name] = _Cleaned(text if name.endswith(".json") else _without_comments(text))
        return self._cleaned[name]

    @cached_property
    def _blocks(self) -> dict[Route, tuple[str, Any]]:
        """By address: its file, and the first block that has it."""
        return {block.address: (name, block) for name, block in reversed(self._every)}

    @cached_property
    def _parts(self) -> dict[tuple[Route, Route], tuple[str, Any]]:
        """As `_blocks`, by address and what the block has."""
        return {
            (block.address, (part,)): (name, block) for name, block in reversed(self._every) for part in _has(block)
        }

    @cached_property
    def _every(self) -> list[tuple[str, Any]]:
        return [(name, block) for name, blocks in self._module.files.items() for block in blocks if block.address]

    def _span(self, name: str, line: int) -> Span:
        """The name in a line."""
        if name not in self._lines:
            self._lines[name] = self._texts.get(name, "").split("\n")
        lines = self._lines[name]
        head = _HEAD.match(lines[line - 1]) if line <= len(lines) else None
        if head is None or not head[2]:
            return Span(line, 1, line, 1)
        return Span(line, head.end(1) + 1, line, head.end(2) + 1)


def _has(block: Any) -> set[str]:
    """The arguments and blocks in a block, those that are `dynamic` included."""
    return {
        name
        for part in block.body
        for name in (
            (part.name,) if hasattr(part, "name") else (part.type, *(part.labels if part.type == "dynamic" else ()))
        )
    }


def _without_comments(text: str) -> str:
    """As far as they can be told apart, in a file that cannot be read as a whole."""
    try:
        return clean(text)
    except TerraformError:
        return text


class _Cleaned:
    """A text without its comments, which keeps lines, and columns before a comment; each value in it is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._values: dict[tuple[int, str], _Items | None] = {}
        self._names: dict[tuple[int, str], dict[str, tuple[int, int]]] = {}

    def item(self, line: int, name: str, number: int) -> Span | None:
        """Where an item of an argument's value begins, up to its line's end: of its `Statement`, if it has one, else its own."""
        if (line, name) not in self._values:
            self._values[line, name] = self._items(line, name)
        value = self._values[line, name]
        at = value.at(number) if value is not None else None
        return None if value is None or at is None else self._span(at, value.end)

    def text(self, line: int, argument: str, words: str, within: Within) -> Span | None:
        """Where an argument's value has these characters of what is written in it; those that are like others are counted."""
        sought = words[slice(*within)]
        start, end = self._value(line, argument) or (0, 0)
        at = -1
        for _ in range(words.count(sought, 0, within[0]) + 1 if sought else 0):
            found = self._text.find(sought, max(start, at + len(sought)) if at >= 0 else start, end)
            if found < 0:
                break
            at = found
        return None if at < 0 else self._span(at, at + len(sought))

    def named(self, line: int, argument: str, name: str) -> Span | None:
        """Where an argument's value has a name such as `var.x` or `file()` for the first time: in its code, if it is there."""
        if (line, argument) not in self._names:
            start, end = self._value(line, argument) or (0, 0)
            text = self._text[start:end]
            found = _names(text, start)
            with suppress(TerraformError):  # of a text in JSON
                found.update(_names(code(text), start))
            self._names[line, argument] = found
        at = self._names[line, argument].get(name)
        return None if at is None else self._span(*at)

    def _value(self, line: int, name: str) -> tuple[int, int] | None:
        """Where the value of an argument begins and ends."""
        text = self._text
        start = self._starts[line - 1] if line <= len(self._starts) else len(text)
        argument = regex(rf"[ \t]*[\"(]*{re.escape(name)}[\")]*[ \t]*[=:]").match(text, start)
        if argument is None:
            return None
        try:
            return argument.end(), end_of_expression(text, argument.end())
        except TerraformError:  # a here-document need not be closed in itself
            return None

    def _items(self, line: int, name: str) -> _Items | None:
        text, value = self._text, self._value(line, name)
        if value is None:
            return None
        start, end = value
        stated = _STATEMENT.search(text, start, end)
        opened = _OPENING.search(text, stated.end() if stated is not None else start, end)
        if opened is None:
            return None
        single = stated is not None and opened[0] == "{"
        return _Items(text, opened.start(), end, single)

    def _span(self, at: int, end: int) -> Span:
        row = bisect_right(self._starts, at)
        column = at - self._starts[row - 1] + 1
        stop = min(end, self._starts[row] - 1) if row < len(self._starts) else end
        return Span(row, column, row, column + len(self._text[at:stop].rstrip()))


def _names(text: str, before: int) -> dict[str, tuple[int, int]]:
    """Names with each part of their paths, and of functions that are called, where each begins and ends for the first
    time; of a path with indices, the name goes without them. `before`: how many characters are before the text."""
    found: dict[str, tuple[int, int]] = {}
    position = 0
    while (path := PATH.search(text, position)) is not None:
        start, position, name = path.start(), path.end(1), ""
        for step in STEP.finditer(text, start, path.end()):
            name = f"{name}.{step[1]}" if name else step[1]
            found.setdefault(name, (before + start, before + step.end()))
        if text.startswith("(", path.end()):
            found.setdefault(f"{name}()", (before + start, before + path.end()))
    return found


class _Items:
    """The items of a list or mapping that opens at a position; `single`: it is itself the one that is meant."""

    def __init__(self, text: str, start: int, end: int, single: bool) -> None:
        self.end = end
        self._found = [start] if single else []
        self._rest = iter(()) if single else _beginnings(text, start + 1)
        self._single = single

    def at(self, number: int) -> int | None:
        """Where the item of this number begins, from 0."""
        try:
            while not self._single and len(self._found) <= number:
                self._found.append(next(self._rest))
        except (StopIteration, TerraformError):
            return None
        return self._found[0 if self._single else number]


def _beginnings(text: str, position: int) -> Iterator[int]:
    """Where the items begin, in a list or mapping that opens before the position."""
    new = True
    while position < len(text) and text[position] not in "]}":
        char = text[position]
        if new and not char.isspace() and char != ",":
            yield position
            new = False
        if char in '"{[(':
            position = balanced_end(text, position)
            continue
        new = new or char in ",\n"
        position += 1

"""Where fields stand in a CUE text. CUE's own evaluator gives values without positions; this finds those that are written.

It is no parser of CUE: it follows labels, braces and lists, and steps over every other expression. What it cannot
follow has the position of what is around it. It never raises on any text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from svc.cue_tokens import Token, tokens
from svc.diagnostics import Route
from svc.records import dataclass, field

Mark = tuple[int, int, int, int]
MAX_DEPTH = 200


class Written(NamedTuple):
    """A field or item: its key, its value, and whether the value is a literal rather than a constraint or reference."""

    key: Mark | None
    value: Mark
    literal: bool
    block: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """What a CUE file says about itself."""

    package: str
    imports: tuple[str, ...]
    fields: dict[Route, Written]


_LITERALS = frozenset({"true", "false", "null"})
_OPEN = {"{": "}", "[": "]", "(": ")"}


def outline(text: str) -> Outline:
    """Package, imports and written fields of a text that may be broken."""
    reader = _Reader(text, tokens(text))
    try:
        reader.head()
        reader.struct((), "", 0)
    except RecursionError:
        pass
    return Outline(reader.package, tuple(reader.imports), reader.fields)


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: list[Token]
    package: str = ""
    imports: list[str] = field(default_factory=list)
    fields: dict[Route, Written] = field(default_factory=dict)
    at: int = 0
    lines: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def head(self) -> None:
        """The package clause and the imports."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            following = self.peek(1)
            if token.text == "package" and not self.package and following.kind == "word":
                self.package = following.text
                self.at += 2
            elif token.text == "import" and following.text != ":":
                self.at += 1
                self._imports()
            elif token.kind == "newline" or token.text == ",":
                self.at += 1
            else:
                return

    def _imports(self) -> None:
        group = self.peek().text == "("
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "string":
                self.imports.append(token.text[1:-1])
                if not group:
                    return
            elif token.text == ")":
                return

    def peek(self, ahead: int = 0) -> Token:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else Token("end", "", len(self.text), len(self.text))

    def struct(self, route: Route | None, closing: str, depth: int) -> None:
        """Declarations up to the closing brace, which is taken too. Without a route nothing is noted."""
        if depth > MAX_DEPTH:
            route = None
        while self.at < len(self.tokens):
            token = self.peek()
            if token.text in ("}", ")", "]") and token.kind == "sign":
                self.at += 1
                if token.text == closing:
                    return
            elif token.kind == "newline" or token.text == ",":
                self.at += 1
            else:
                self._declaration(route, depth)

    def _declaration(self, route: Route | None, depth: int) -> None:
        first = self.peek()
        if first.text in ("let", "if", "for") and self.peek(1).text not in (":", "?", "!"):
            self._expression(None if first.text == "let" else route, depth)
            return
        if self.peek(1).text == "=" and first.kind == "word" and self.peek(2).text != "=":
            self.at += 2
        label = self._label()
        if label is None:
            self._expression(route, depth)
            return
        name, key = label
        inner = None if route is None or name is None else (*route, name)
        start = self.at
        value = self._value(inner, depth)
        if inner is not None:
            literal, block = value
            self._note(inner, Written(self.mark(key), self._span(start), literal, block))

    def _label(self) -> tuple[str | None, Token] | None:
        """The label before a colon, which is taken; no name for one that is computed, optional, hidden or a pattern."""
        token, index = self.peek(), 1
        if token.text in ("(", "[") and token.kind == "sign":
            index = self._matching() - self.at + 1
        elif token.kind not in ("word", "string", "number"):
            return None
        optional = self.peek(index).text == "?"
        if self.peek(index).text in ("?", "!"):
            index += 1
        if self.peek(index).text != ":" or self.peek(index + 1).text == "=":
            return None
        self.at = min(self.at + index + 1, len(self.tokens))
        name: str | None = token.text
        if token.kind == "string":
            name = None if "\\" in token.text or token.text[0] != '"' else token.text[1:-1]
        if optional or token.kind == "sign" or (token.kind == "word" and token.text.startswith(("_", "#"))):
            name = None
        return name, token

    def _matching(self) -> int:
        """The index of the bracket that closes the one here."""
        depth = 0
        for index in range(self.at, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "sign" and token.text in _OPEN:
                depth += 1
            elif token.kind == "sign" and token.text in _OPEN.values():
                depth -= 1
                if not depth:
                    return index
        return len(self.tokens)

    def _value(self, route: Route | None, depth: int) -> tuple[bool, bool]:
        """Steps over a value: whether it is a literal, and whether a mapping or list."""
        before = self.at
        first = self.peek()
        if self._label_ahead():
            self._declaration(route, depth + 1)
            return True, True
        self._expression(route, depth)
        alone = self.at - before == 1
        block = first.kind == "sign" and first.text in ("{", "[")
        literal = alone and (first.kind in ("string", "number") or first.text in _LITERALS)
        signed = self.at - before == 2 and first.text in ("-", "+") and self.tokens[before + 1].kind == "number"
        return literal or block or signed, block

    def _label_ahead(self) -> bool:
        here = self.at
        found = self._label() is not None
        self.at = here
        return found

    def _expression(self, route: Route | None, depth: int) -> None:
        """Up to the end of the declaration; structs and lists that are operands belong to the route."""
        start = self.at
        while self.at < len(self.tokens):
            token = self.peek()
            if token.kind == "newline" or (token.kind == "sign" and token.text in (",", "}", ")", "]")):
                return
            operand = self.at == start or self.tokens[self.at - 1].text in ("&", "*", "|")
            body = operand or self.tokens[start].text in ("if", "for")
            if token.text == "{" and token.kind == "sign":
                self.at += 1
                self.struct(route if body else None, "}", depth + 1)
            elif token.text == "[" and token.kind == "sign" and operand:
                self.at += 1
                self._items(route, depth + 1)
            elif token.kind == "sign" and token.text in _OPEN:
                self.at = min(self._matching() + 1, len(self.tokens))
            else:
                self.at += 1

    def _items(self, route: Route | None, depth: int) -> None:
        """The items of a list. Behind a comprehension or an ellipsis no index is known."""
        if depth > MAX_DEPTH:
            route = None
        index = 0
        while self.at < len(self.tokens):
            token = self.peek()
            if token.kind == "sign" and token.text in ("]", "}", ")"):
                self.at += 1
                return
            if token.kind == "newline" or token.text == ",":
                self.at += 1
                continue
            if token.text in ("for", "if") or token.kind == "dots":
                route = None
            inner = None if route is None else (*route, index)
            start = self.at
            literal, block = self._value(inner, depth)
            if inner is not None and self.at > start:
                self._note(inner, Written(None, self._span(start), literal, block))
            index += 1

    def _note(self, route: Route, written: Written) -> None:
        known = self.fields.get(route)
        if known is None or (written.literal and not known.literal):
            self.fields[route] = written

    def _span(self, start: int) -> Mark:
        first = self.tokens[start] if start < len(self.tokens) else self.peek()
        last = self.tokens[self.at - 1] if self.at > start else first
        return (*self.position(first.start), *self.position(max(first.end, last.end)))

    def mark(self, token: Token) -> Mark:
        return (*self.position(token.start), *self.position(token.end))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, in characters."""
        import bisect

        line = bisect.bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

"""GitHub's expression language: `${{ }}` found in text, and an expression's text read as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.diagnostics import Within
from svc.patterns import regex
from svc.records import dataclass
from svc.workflows.nodes import Binary, Call, Index, Literal, Name, Node, Not, Property

OPEN = "${{"
_TOKEN = regex(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
    | (?P<number>-?0x[0-9a-fA-F]+|-?0o[0-7]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    | (?P<sign>&&|\|\||[!=<>]=|[!<>()\[\].,*])
    )""",
    re.VERBOSE,
)
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "nan": "NaN", "infinity": "Infinity"}
DEPTH = 50
"""GitHub refuses expressions that are nested deeper."""
LONGEST = 21_000
"""GitHub refuses longer ones: `ExpressionConstants.MaxLength` of actions/runner."""


class ExpressionError(Exception):
    """What makes a text no expression, and at which of its characters."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Found:
    """One `${{ }}` of a text: what stands between the braces, and where the whole begins and ends."""

    text: str
    start: int
    end: int
    at: int = 0

    @property
    def within(self) -> Within:
        """Where what stands between the braces does."""
        return (self.at, self.at + len(self.text))


def find(text: str) -> Iterator[Found]:
    """Every expression of a text. Braces in quoted strings do not end one. Raises ExpressionError for one that is not closed."""
    start = text.find(OPEN)
    while start >= 0:
        end = _end(text, start + len(OPEN))
        inner = text[start + len(OPEN) : end]
        yield Found(inner.strip(), start, end + 2, end - len(inner.lstrip()))
        start = text.find(OPEN, end + 2)


def _end(text: str, at: int) -> int:
    quoted = False
    for index in range(at, len(text)):
        if text[index] == "'":
            quoted = not quoted
        elif not quoted and text.startswith("}}", index):
            return index
    raise ExpressionError("`${{` is not closed by `}}`", at - len(OPEN))


def parse(text: str) -> Node:
    """Raises ExpressionError."""
    if not text.strip():
        raise ExpressionError("the expression is empty")
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression is longer than {LONGEST} characters, which GitHub refuses")
    parser = _Parser(_tokens(text), len(text.rstrip()))
    node = parser.any_of(0)
    if parser.rest:
        raise ExpressionError(f"`{parser.rest[0][1]}` is not expected here", parser.at)
    return node


Token = tuple[str, str, int]
"""Kind, text, and where it begins."""


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            raise ExpressionError(_unreadable(rest), len(text) - len(rest))
        kind = match.lastgroup or ""
        found.append((kind, match.group(kind), match.start(kind)))
        at = match.end()
    return found


def _unreadable(rest: str) -> str:
    if rest[0] == '"':
        return "`\"` does not quote in an expression; write `'`"
    if rest[0] == "'":
        return "a string is not closed by `'`"
    if rest[0] in "&|=":
        return f"`{rest[0]}` is no operator; write `{rest[0] * 2}`"
    return f"`{rest[0]}` cannot stand in an expression"


class _Parser:
    """Recursive descent over tokens; `rest` is what is not read yet."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.rest = tokens
        self.end = end

    @property
    def at(self) -> int:
        return self.rest[0][2] if self.rest else self.end

    def peek(self) -> str:
        return self.rest[0][1] if self.rest and self.rest[0][0] == "sign" else ""

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            found = f"`{self.rest[0][1]}` stands there" if self.rest else "the expression ends"
            raise ExpressionError(f"`{sign}` is missing: {found}", self.at)
        self.rest = self.rest[1:]

    def any_of(self, depth: int) -> Node:
        if depth > DEPTH:
            raise ExpressionError(f"the expression is nested deeper than {DEPTH}", self.at)
        return self.binary(("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">="), depth=depth)

    def binary(self, signs: tuple[str, ...], *tighter: tuple[str, ...], depth: int) -> Node:
        def side() -> Node:
            return self.binary(*tighter, depth=depth) if tighter else self.prefix(depth)

        node = side()
        while self.peek() in signs:
            sign = self.peek()
            self.take(sign)
            node = Binary(sign, node, side())
        return node

    def prefix(self, depth: int) -> Node:
        if self.peek() == "!":
            at = self.at
            self.take("!")
            if depth > DEPTH:
                raise ExpressionError(f"the expression is nested deeper than {DEPTH}", at)
            return Not(self.prefix(depth + 1), at)
        return self.postfix(self.primary(depth), depth)

    def postfix(self, node: Node, depth: int) -> Node:
        while self.peek() in (".", "["):
            if self.peek() == ".":
                self.take(".")
                node = Property(node, self.property_name())
                continue
            self.take("[")
            if self.peek() == "*":
                self.take("*")
                node = Property(node, "*")
            else:
                index = self.any_of(depth + 1)
                text = index.value if isinstance(index, Literal) else None
                node = Property(node, text.lower()) if isinstance(text, str) else Index(node, index)
            self.take("]")
        return node

    def property_name(self) -> str:
        if self.peek() == "*":
            self.take("*")
            return "*"
        if not self.rest or self.rest[0][0] != "name":
            found = f"`{self.rest[0][1]}`" if self.rest else "nothing"
            raise ExpressionError(f"a property's name follows `.`, not {found}", self.at)
        name = self.rest[0][1].lower()
        self.rest = self.rest[1:]
        return name

    def primary(self, depth: int) -> Node:
        if not self.rest:
            raise ExpressionError("the expression ends too early", self.at)
        kind, text, at = self.rest[0]
        if kind == "sign" and text != "(":
            raise ExpressionError(f"`{text}` is not expected here", at)
        self.rest = self.rest[1:]
        if kind == "sign":
            node = self.any_of(depth + 1)
            self.take(")")
            return node
        if kind == "string":
            return Literal(text[1:-1].replace("''", "'"), at)
        if kind == "number":
            return Literal(_number(text), at)
        if self.peek() == "(":
            return Call(text.lower(), text, self.arguments(depth), at)
        return Literal(_WORDS[text.lower()], at) if text.lower() in _WORDS else Name(text.lower(), at)

    def arguments(self, depth: int) -> tuple[Node, ...]:
        self.take("(")
        args: list[Node] = []
        while self.peek() != ")":
            if args:
                self.take(",")
            args.append(self.any_of(depth + 1))
        self.take(")")
        return tuple(args)


def _number(text: str) -> float:
    if "0x" in text or "0o" in text:
        whole = int(text, 0)
        return float(whole) if whole.bit_length() < 1024 else float("inf")
    return float(text)

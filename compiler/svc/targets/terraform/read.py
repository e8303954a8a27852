"""Terraform text to blocks: the inverse of `write`, and the way hand-written modules come in.

A scanner of our own: it finds where strings, templates, comments, heredocs and brackets end (`scan.py`), and looks into an
expression only where a check may want to. So it takes more than Terraform does; what Terraform refuses is for `syntax.py`
to say, which a lint asks first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from svc.patterns import regex
from svc.records import dataclass
from svc.targets.terraform.scan import (
    NAME,
    TerraformError,
    balanced_end,
    clean,
    end_of_expression,
    skip_blank,
    split_top,
)
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Module, Object, Value

__all__ = ["TerraformError", "read_blocks", "read_module", "read_value"]

_PART = regex(rf"({NAME})[ \t]*(=(?!=)[ \t]*)?")
"""The name of an argument with its sign, or the type of a block."""
_LINE = regex(rf'({NAME})[ \t]*=[ \t]*("[^"\\$%\n]*"|[A-Za-z0-9_.-]+)[ \t]*(?=\n)')
"""An argument on a line of its own, whose value is a text without templates, a number or a name: most are."""
_NUMBER = regex(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_LABEL = regex(rf'"((?:[^"\\]|\\.)*)"|({NAME})')
_CALL = regex(r"[A-Za-z_][A-Za-z0-9_]*\(")
_KEY = regex(rf'("(?:[^"\\]|\\.)*"|\([^()]*\)|{NAME})\s*(?:=(?!=)|:)\s*')
_PIECE = regex(r'[^"\s]+|\s+|"')
_KEPT = 8192
"""Values that are remembered by their text: modules say many things alike."""
_SPECIAL = regex(r"[\\$%]")
_LETTER = regex(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
_UNESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def read_module(files: Mapping[str, str], path: str = "") -> Module:
    """A module from the texts of its `.tf` files. Raises TerraformError with file and line."""
    return Module(path, {name: read_blocks(text, name) for name, text in files.items() if name.endswith(".tf")})


def read_blocks(text: str, name: str = "") -> tuple[Block, ...]:
    return tuple(part for part in _parts(text, name) if isinstance(part, Block))


def read_attributes(text: str, name: str = "") -> tuple[Attribute, ...]:
    """A `.tfvars` file."""
    return tuple(part for part in _parts(text, name) if isinstance(part, Attribute))


def _parts(text: str, name: str) -> tuple[Attribute | Block, ...]:
    try:
        cleaned = clean(text, name, lines=False)
        rows = _Rows(clean(text, name) if "/*" in text else cleaned)
        return _Reader(cleaned, name, rows).body(0, top=True)[0]
    except RecursionError:
        raise TerraformError(name, 1, "nested too deep to be read") from None


class _Rows:
    """The lines (from 1) of places that come one behind the other: no stretch of a file is counted twice."""

    def __init__(self, text: str) -> None:
        self._text, self._position, self._line = text, 0, 1

    def at(self, position: int) -> int:
        self._line += self._text.count("\n", self._position, position)
        self._position = position
        return self._line

    def of(self, position: int) -> int:
        """Of any place."""
        return self._text.count("\n", 0, position) + 1


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    name: str
    rows: _Rows

    def fail(self, position: int, message: str) -> TerraformError:
        return TerraformError(self.name, self.rows.of(position), message)

    def body(self, position: int, top: bool) -> tuple[tuple[Attribute | Block, ...], int]:
        parts: list[Attribute | Block] = []
        opened = position
        while True:
            position = skip_blank(self.text, position)
            if position >= len(self.text):
                if top:
                    return tuple(parts), position
                raise self.fail(opened, "a block is not closed")
            if self.text[position] == "}" and not top:
                return tuple(parts), position + 1
            line = _LINE.match(self.text, position)
            if line is not None:
                at = self.rows.at(position)
                parts.append(Attribute(line[1], read_value(line[2]), None, at))
                position = line.end()
                continue
            part, position = self.part(position)
            parts.append(part)

    def part(self, position: int) -> tuple[Attribute | Block, int]:
        line = self.rows.at(position)
        match = _PART.match(self.text, position)
        if match is None:
            raise self.fail(position, f"expected an argument or a block, found {self.text[position]!r}")
        name, after = match[1], match.end()
        if match[2]:
            end = end_of_expression(self.text, after, self.name)
            value = self.text[after:end].strip()
            if not value:
                raise self.fail(position, f"argument {name!r} has no value")
            return Attribute(name, read_value(value), None, line), end
        labels: list[str] = []
        while (label := _LABEL.match(self.text, after)) is not None:
            labels.append(label[1] if label[1] is not None else label[2])
            after = skip_blank(self.text, label.end(), newlines=False)
        if not self.text.startswith("{", after):
            raise self.fail(after, f"expected `=` or `{{` after {name!r}")
        body, end = self.body(after + 1, top=False)
        return Block(name, tuple(labels), body, "", None, line), end


@lru_cache(maxsize=_KEPT)
def read_value(text: str) -> Value:
    """The value of an expression's text; whatever has no shape of its own is an `Expr`."""
    text = text.strip()
    if text in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text or len(text) > 300 else int(text)
    if text[:1] == '"' and balanced_end(text, 0) == len(text):
        literal = _literal(text[1:-1])
        return Expr(text) if literal is None else literal
    if text[:1] == "[" and balanced_end(text, 0) == len(text) and not re.match(r"\[\s*for\b", text):
        return tuple(read_value(part) for part in split_top(text[1:-1], ","))
    if text[:1] == "{" and balanced_end(text, 0) == len(text) and not re.match(r"\{\s*for\b", text):
        return _object(text[1:-1])
    call = _CALL.match(text)
    if call and balanced_end(text, call.end() - 1) == len(text):
        parts = split_top(text[call.end() : -1], ",")
        if not any(part.endswith("...") for part in parts):  # a list as the arguments has no shape of its own
            return Call(call.group()[:-1], tuple(map(read_value, parts)))
    return Expr(text if text.startswith("<<") else collapse(text))


def collapse(text: str) -> str:
    """White space outside strings as single spaces."""
    out: list[str] = []
    position = 0
    while (piece := _PIECE.match(text, position)) is not None:
        position = piece.end()
        if piece[0] == '"':
            position = balanced_end(text, piece.start())
            out.append(text[piece.start() : position])
        elif not piece[0].isspace():
            out.append(piece[0])
        elif out and out[-1] != " ":
            out.append(" ")
    return "".join(out).strip()


def _literal(inner: str) -> str | None:
    """The characters that a string literal means; None when it is a template."""
    if not _SPECIAL.search(inner):
        return inner
    out: list[str] = []
    position = 0
    while position < len(inner):
        two, three = inner[position : position + 2], inner[position : position + 3]
        if three in ("$${", "%%{"):
            out.append(three[1:])
            position += 3
        elif two in ("${", "%{"):
            return None
        elif inner[position] == "\\":
            letter = _LETTER.match(inner, position)
            if letter is not None:
                out.append(chr(min(int(letter[1] or letter[2], 16), 0x10FFFF)))
                position = letter.end()
            else:
                out.append(_UNESCAPES.get(two[1:], two[1:]))
                position += 2
        else:
            out.append(inner[position])
            position += 1
    return "".join(out)


def _key(text: str) -> str:
    """A key as meant; a template is an expression, as one in parentheses."""
    literal = _literal(text[1:-1]) if text.startswith('"') else text
    return f"({text})" if literal is None else literal


def _object(inner: str) -> Object | Expr:
    items: list[tuple[str, Value]] = []
    for part in split_top(inner, ",\n"):
        match = _KEY.match(part)
        if match is None:
            return Expr(collapse("{" + inner + "}"))
        items.append((_key(match[1]), read_value(part[match.end() :])))
    return Object(tuple(items))

"""Scalars as YAML writes them: quoted exactly when a reader of YAML 1.1 or 1.2 needs it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from svc.scalars import plain


def inline(value: Any) -> str:
    """A scalar, or an empty mapping or list, on one line."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    return str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # YAML 1.1 readers take a number without a point for text.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


@lru_cache(maxsize=8192)
def string(text: str) -> str:
    if plain(text):
        return text
    if '"' in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escape(char) for char in text) + '"'


@lru_cache(maxsize=8192)
def in_template(text: str) -> str:
    """A text as a scalar on one line of a Helm template, whatever it holds."""
    return escaped_braces(string(text))


def escaped_braces(text: str) -> str:
    """Helm prints what stood there."""
    return text.replace("{{", '{{ "{{" }}')


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x1b": "\\e"}


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def literal(text: str) -> bool:
    """Whether a literal block gives back exactly this text."""
    lines = text.split("\n")
    first = next((line for line in lines if line), "")
    if not first or first[0] in " \t" or text[0] == "\n":
        return False
    return all(line.replace("\t", "").isprintable() for line in lines)


def block(text: str) -> list[str]:
    """The head of a literal block and its lines, without indent."""
    if not text.endswith("\n"):
        return ["|-", *text.split("\n")]
    return ["|+" if text.endswith("\n\n") else "|", *text[:-1].split("\n")]

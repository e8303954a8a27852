"""What a plain YAML scalar means in the YAML 1.2 core schema, and which strings every reader takes for strings."""

from __future__ import annotations

import math
import re

from svc.patterns import regex

Scalar = str | int | float | bool | None

_WORDS: dict[str, bool | float | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    ".nan": math.nan, ".NaN": math.nan, ".NAN": math.nan,
    ".inf": math.inf, ".Inf": math.inf, ".INF": math.inf,
    "+.inf": math.inf, "+.Inf": math.inf, "+.INF": math.inf,
    "-.inf": -math.inf, "-.Inf": -math.inf, "-.INF": -math.inf,
}  # fmt: skip
_FIRST = frozenset("+-.0123456789")
_INT = regex(r"[-+]?[0-9]+")
_BASED = regex(r"0o[0-7]+|0x[0-9a-fA-F]+", needs=("0o", "0x"))
_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DIGITS = 4000
"""Python refuses to convert longer decimal numbers; they stay text."""

_NUMBER_LIKE = regex(
    r"""[-+]?[0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?  # numbers, also with the underscores of YAML 1.1
    | [-+]?0[xXoObB][0-9a-fA-F_]+
    | [-+]?[0-9][0-9_]*(:[0-9_]+)+(\.[0-9_]*)?    # base 60 of YAML 1.1: 12:30
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*            # timestamps of YAML 1.1
    | [-+]?\.(inf|nan)""",
    re.VERBOSE | re.IGNORECASE,
)
_RESERVED = frozenset({"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "="})
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ")


def resolve(text: str) -> Scalar:
    """The value of an untagged plain scalar: `true` is a bool, `80` an int; `on`, `12:30` and dates are strings."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST or len(text) > _DIGITS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    return text


def tagged(kind: str, text: str) -> Scalar:
    """The value of a scalar with an explicit core tag (`str`, `int`, ...); ValueError when the text has no such one."""
    if kind == "str":
        return text
    value = resolve(text)
    if kind == "null" and value is None:
        return None
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind == "float" and (isinstance(value, float) or _INT.fullmatch(text)):
        return value if isinstance(value, float) else float(text)
    raise ValueError(f"`{text}` is no {kind}")


def digits(text: str) -> bool:
    """Whether a text is digits that `int` reads: `str.isdigit` takes `²` as well, and `int` takes no more than these."""
    return text.isascii() and text.isdigit() and len(text) <= 4300


def plain(text: str) -> bool:
    """Whether readers of YAML 1.1 and 1.2 alike give back exactly this string when it stands there unquoted."""
    if text.lower() in _RESERVED or not text.isprintable() or text[-1] in ": ":
        return False
    if text[0] in _INDICATORS and not (text[0] == "-" and text[1:2].strip()):
        return False
    if ": " in text or " #" in text or text.startswith(("---", "...")):
        return False
    return not (text[0] in "+-._0123456789" and _NUMBER_LIKE.fullmatch(text))

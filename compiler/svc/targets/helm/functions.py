"""The functions of Go's text/template and of Sprig that our charts use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from svc.digests import sha256
from svc.patterns import regex
from svc.targets.helm.sprig import FUNCTIONS as SPRIG
from svc.targets.helm.sprig import TemplateError

NO_VALUE = "<no value>"
_VERB = regex(r"%(?:[sv]|0\d+b)")
_INTEGER = regex(r"0[xX][0-9A-Fa-f]+|[1-9][0-9]*|0|")


class Whole(int):
    """A number that is an integer for Go as well."""


class Rendering(Protocol):
    """What functions ask of who calls them. `opaque` finds letters that stand for any text."""

    @property
    def opaque(self) -> re.Pattern[str] | None: ...

    @property
    def to_yaml(self) -> Callable[[Any], str]: ...

    def include(self, name: str, dot: Any, /) -> str: ...


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if isinstance(value, Whole) else _number(value)
    if value is not None and not isinstance(value, str):
        raise TemplateError(f"a {type(value).__name__} is no text")
    return NO_VALUE if value is None else value


def _number(value: float) -> str:
    """Helm's numbers are floats, which Go prints with an exponent from a million on."""
    _, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    power = len(digits) + int(exponent) - 1
    if not value or -4 <= power < 6:
        return str(int(value)) if float(value).is_integer() else format(Decimal(repr(float(value))), "f")
    mantissa = "".join(map(str, digits[1:]))
    return f"{'-' if value < 0 else ''}{digits[0]}{'.' if mantissa else ''}{mantissa}e{power:+03d}"


def _whole(value: Any) -> int:
    """Of a text in the base that it says, 0 of an empty one; not of one with a zero in front, which is octal for Go."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value or "0", 0)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TemplateError(f"{value!r} is no number")
    return int(value)


def _quote(text: str) -> str:
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    made = ""
    for char in text:
        if char in '"\\':
            made += "\\" + char
        elif char.isprintable():
            made += char
        else:
            made += {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char) or (
                f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
            )
    return f'"{made}"'


def _nindent(width: int, text: str) -> str:
    pad = " " * width
    return "\n" + "\n".join(pad + line for line in text.split("\n"))


def _printf(text: str, *values: Any) -> str:
    """Of Go's verbs `%s` for texts, `%08b` for numbers in bits and `%v` for anything."""
    pieces = _VERB.split(text)
    verbs = _VERB.findall(text)
    if len(verbs) != len(values) or "%" in "".join(pieces):
        raise TemplateError(f"{text!r} does not ask for {len(values)} values")
    for verb, value in zip(verbs, values, strict=True):
        if verb == "%s" and not isinstance(value, str):
            raise TemplateError(f"{value!r} is no text")
        if verb.endswith("b") and not isinstance(value, Whole):
            raise TemplateError(f"{value!r} is no integer")
    texts = (
        format(value, verb[1:]) if verb.endswith("b") else shown(value)
        for verb, value in zip(verbs, values, strict=True)
    )
    return "".join(part for pair in zip(pieces, (*texts, ""), strict=True) for part in pair)


def _looking(function: Callable[[list[Any]], Any]) -> Callable[[Rendering, list[Any]], Any]:
    """A function whose result depends on what a text says: not for letters that stand for any other."""

    def asked(engine: Rendering, arguments: list[Any]) -> Any:
        if engine.opaque is not None and engine.opaque.search(json.dumps(arguments, ensure_ascii=False)):
            raise TemplateError("looks into a text that stands for any other")
        return function(arguments)

    return asked


def _sprig(name: str) -> Callable[[Rendering, list[Any]], Any]:
    function = SPRIG[name]
    return _looking(lambda args: function(None, args))


def _index(arguments: list[Any]) -> Any:
    value = arguments[0]
    for key in arguments[1:]:
        if not isinstance(value, dict | list):
            raise TemplateError(f"a {type(value).__name__} has no {key!r}")
        value = value[key]
    return value


def _has_key(table: Any, key: str) -> bool:
    if not isinstance(table, dict):
        raise TemplateError(f"a {type(table).__name__} has no keys")
    return key in table


FUNCTIONS: Mapping[str, Callable[[Rendering, list[Any]], Any]] = {
    "include": lambda engine, args: engine.include(*args),
    "toYaml": lambda engine, args: engine.to_yaml(args[0]).removesuffix("\n"),
    "nindent": lambda _, args: _nindent(args[0], args[1]),
    "quote": lambda _, args: "" if args[0] is None else _quote(shown(args[0])),
    "int64": lambda _, args: Whole(_whole(args[0])),
    "int": lambda _, args: Whole(_whole(args[0])),
    "add1": lambda _, args: Whole(_whole(args[0]) + 1),
    "default": lambda _, args: args[1] if args[1] else args[0],
    "trunc": _looking(lambda args: args[1][: args[0]]),
    "trimSuffix": _looking(lambda args: args[1].removesuffix(args[0])),
    "hasSuffix": _looking(lambda args: args[1].endswith(args[0])),
    "replace": _looking(lambda args: args[2].replace(args[0], args[1])),
    "printf": lambda _, args: _printf(*args),
    "toString": lambda _, args: shown(args[0]),
    **{name: _sprig(name) for name in SPRIG},
    "hasKey": lambda _, args: _has_key(*args),
    "or": lambda _, args: next((one for one in args if one), args[-1]),
    "not": lambda _, args: not args[0],
    "index": lambda _, args: _index(args),
    "dict": lambda _, args: dict(zip(args[::2], args[1::2], strict=True)),
    "toJson": _looking(lambda args: json.dumps(args[0], sort_keys=True)),
    "toRawJson": lambda _, args: json.dumps(args[0], sort_keys=True, ensure_ascii=False, separators=(",", ":")),
    "sha256sum": _looking(lambda args: sha256(args[0].encode()).hexdigest()),
}

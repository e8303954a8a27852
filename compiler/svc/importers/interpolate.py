"""`${VAR:-default}` of compose files, in all its forms: values of `.env`, else the default, else unknown."""

from __future__ import annotations

from collections.abc import Mapping

from svc.patterns import regex

_NAME = regex(r"[A-Za-z_]\w*")
_HOW = regex(r":?[-?+]")
_BRACE = regex(r"\$\{|\}")
_DEEPEST = 20
"""Variables in the default of a variable, and so on; compose files have two or three."""
NONE: Mapping[str, str] = {}


def interpolate(text: str, values: Mapping[str, str] = NONE, depth: int = 0) -> tuple[str, tuple[str, ...]]:
    """The text with values and defaults in place, and the names of the variables that have none (they are empty)."""
    pieces: list[str] = []
    unknown: dict[str, None] = {}
    position = 0
    closed = _closed(text)
    while position < len(text):
        dollar = text.find("$", position)
        if dollar < 0 or dollar == len(text) - 1:
            break
        pieces.append(text[position:dollar])
        after = text[dollar + 1]
        plain = _NAME.match(text, dollar + 1)
        end = closed.get(dollar + 1, -1)
        named = _NAME.match(text, dollar + 2) if end > 0 else None
        if after == "$":
            made, position = "$", dollar + 2
        elif plain is not None:
            made, position = values.get(plain[0], ""), plain.end()
            unknown.update({} if plain[0] in values else {plain[0]: None})
        elif named is not None and depth < _DEEPEST:
            made, missing = _braced(named[0], text[named.end() : end], values, depth)
            unknown.update(dict.fromkeys(missing))
            position = end + 1
        else:
            made, position = "$", dollar + 1
        pieces.append(made)
    pieces.append(text[position:])
    return "".join(pieces), tuple(unknown)


def _closed(text: str) -> dict[int, int]:
    """Where each brace behind a `$` that is closed at all is closed."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] != "}":
            opened.append(brace.end() - 1)
        elif opened:
            found[opened.pop()] = brace.start()
    return found


def _braced(name: str, rest: str, values: Mapping[str, str], depth: int) -> tuple[str, tuple[str, ...]]:
    """`${name}`, or with `:-default`, `-default`, `:?message`, `?message`, `:+instead` or `+instead` behind the name."""
    match = _HOW.match(rest)
    how, more = (match[0], rest[match.end() :]) if match is not None else ("", rest)
    value = values.get(name)
    given = value is not None and (value != "" or not how.startswith(":"))
    if how.endswith("-"):
        return (value or "", ()) if given else interpolate(more, values, depth + 1)
    if how.endswith("+"):
        return interpolate(more, values, depth + 1) if given else ("", ())
    return (value or "", ()) if given else ("", (name,))

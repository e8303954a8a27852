"""`${VAR:-default}` of compose files: the default is taken, a variable without one stays unknown."""

from __future__ import annotations

import re

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?:(?P<how>:?[-?+])(?P<rest>[^}]*))?\})"
)


def interpolate(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with defaults in place, and the names of the variables that have none (they become empty)."""
    unknown: list[str] = []

    def value(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        if match["how"] in ("-", ":-"):
            return interpolate(match["rest"])[0]
        if match["how"] not in ("+", ":+"):
            unknown.append(match["plain"] or match["name"])
        return ""

    return _VARIABLE.sub(value, text), tuple(dict.fromkeys(unknown))

"""Texts of compose files that Compose fills in, and what it refuses in them.

https://docs.docker.com/reference/compose-file/interpolation/; keys, and what stands beside the project's own parts, stay as
they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex

_PARTS = ("services", "networks", "volumes", "secrets", "configs", "name")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGN = regex(r"\$\$|\$\{|\$|\}")
_GOES_ON = regex(r"\}|:?[-?+]|$")
"""What may stand behind the name in braces."""
_LONGEST = 24


def check(top: dict[str, Any]) -> Iterator[Problem]:
    for part in _PARTS:
        for route, text in _texts(top.get(part), (part,)):
            wrong = fault(text)
            if wrong:
                advice = "write `$$` for a dollar sign, and `${NAME}` or `${NAME:-otherwise}` for a variable"
                yield Problem("compose-value-refused", route, wrong, advice)


def fault(text: str) -> str:
    """What is wrong with the first variable that is none; empty where all are."""
    opened: list[int] = []
    position = 0
    while (found := _SIGN.search(text, position)) is not None:
        at, position = found.start(), found.end()
        if found[0] == "}":
            del opened[-1:]
            continue
        name = _NAME.match(text, position)
        if found[0] == "${" and name is not None and _GOES_ON.match(text, name.end()):
            opened.append(at)
        elif found[0] != "$$" and (found[0] == "${" or name is None):
            return f"`{_shown(text, at)}` is no variable"
        position = name.end() if name is not None and found[0] != "$$" else position
    return f"`{_shown(text, opened[0])}` is not closed" if opened else ""


def _shown(text: str, at: int) -> str:
    if not text.startswith("${", at):
        return text[at : at + 2].rstrip()
    return text[at : min(text.find("}", at) + 1 or len(text), at + _LONGEST)].partition("\n")[0]


def _texts(node: Any, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(node, str):
        if "$" in node:
            yield route, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, (*route, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, (*route, index))

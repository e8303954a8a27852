"""What stays of a finding when lines move: policy, artifact and route, hashed. One function for all reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from svc.diagnostics import Diagnostic, Route, shown
from svc.digests import sha256
from svc.tree import value_at

_NAMES = ("name", "id", "key", "mountPath", "containerPort", "host")
"""Keys by which people tell the items of a list apart."""


def fingerprint(one: Diagnostic, file: str = "") -> str:
    """32 hexadecimal digits: policy, file (by another name than in reports, if one is given) and identity, never a line."""
    text = "\0".join((one.id, file or one.place.file, one.identity or shown(one.place.route)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def identity(subject: str, route: Route, data: Any = None) -> str:
    """The place of a finding in words that survive an item put before it: list items by their name where they have one."""
    parts: list[str] = []
    for part in route:
        node, data = data, value_at(data, (part,))
        name = _name(data) if isinstance(node, list) else ""
        parts.append(f"[{name or part}]" if isinstance(part, int) else str(part))
    return "\0".join((subject, *parts))


def _name(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    return next((f"{key}={item[key]}" for key in _NAMES if isinstance(item.get(key), str | int)), "")


def distinct(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """A fingerprint for each; a second finding with the same one gets a number, as reports want each once."""
    seen: Counter[str] = Counter()
    marks = []
    for one in diagnostics:
        mark = fingerprint(one)
        seen[mark] += 1
        marks.append(mark if seen[mark] == 1 else sha256(f"{mark}{seen[mark]}".encode()).hexdigest()[:32])
    return marks

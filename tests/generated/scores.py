"""The table of mutations: how many changes of rendered texts were tried, and how many `verify` found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

COLUMNS = ("target", "tried", "equivalent", "found", "missed", "score")


def table(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Equivalent changes, which mean the same to an independent parser, do not count for the score."""
    counts: dict[str, Counter[str]] = {}
    for part in parts:
        numbers = {key: value for key, value in part.items() if isinstance(value, int)}
        for name in (str(part["target"]), "all"):
            counts.setdefault(name, Counter()).update(numbers)
    rows = [COLUMNS, *(_row(name, counts[name]) for name in sorted(counts, key=lambda name: (name == "all", name)))]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(name: str, count: Counter[str]) -> tuple[str, ...]:
    judged = count["found"] + count["missed"]
    score = f"{100 * count['found'] / judged:.2f} %" if judged else "-"
    return (name, *(f"{count[column]:,}" for column in COLUMNS[1:5]), score)

"""The rows that the language must be able to say, and the specs of `fixtures` whose compiled objects show each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from svc.kubernetes.types import Manifest
from svc.parse import parse
from svc.pipeline import Compiled, Request, compile_
from svc.source import Source
from svc.targets.helm.types import Chart

FIXTURES = Path(__file__).parents[1] / "fixtures"
OK = tuple(sorted((FIXTURES / "ok").glob("*.yaml")))
_HEAD = """# What the language covers

Made from `fixtures/language.yaml` and the compiled specs by `make update`; do not edit. A number says how many of 166 real services use it.
What only a patch can say is shown with `patches`: see [Patch](language.md#patch).
"""


@dataclass(frozen=True, slots=True)
class Row:
    group: str
    name: str
    count: int
    kind: str
    at: tuple[str, ...]
    wanted: Any


def rows() -> tuple[Row, ...]:
    (document,) = parse(Source("language.yaml", (FIXTURES / "language.yaml").read_text("utf-8"))).documents
    data = document.data
    assert isinstance(data, dict)
    return tuple(
        Row(group, one["row"], one["count"], one.get("kind", ""), tuple(one["at"].split(".")), one.get("is"))
        for group, found in data.items()
        for one in found
    )


def compiled(path: Path) -> Compiled:
    return compile_(Request((path,), lambda one: one.name, date(2026, 11, 24)))


def objects(found: Compiled, name: str = "") -> tuple[Manifest, ...]:
    charts = [piece.artifact for piece in found.pieces if piece.name == "helm" and name in ("", piece.unit.name)]
    return tuple(
        one
        for chart in charts
        if isinstance(chart, Chart)
        for environment in chart.environments
        for one in environment.manifests
    )


def shows(row: Row, found: tuple[Manifest, ...]) -> bool:
    """Whether one of the objects has the wanted value, or any value at all when none is named."""
    return any(_fits(row, value) for one in found for value in _values(row, one))


def _fits(row: Row, value: Any) -> bool:
    if row.wanted is None:
        return value not in (None, [], {})
    return type(value) is type(row.wanted) and bool(value == row.wanted)


def _values(row: Row, one: Manifest) -> Iterator[Any]:
    if row.kind and one.kind != row.kind:
        return iter(())
    if row.at[0] == "pod":
        return _walk(one.pod, row.at[1:])
    return _walk(one.tree.data, row.at)


def _walk(node: Any, at: tuple[str, ...]) -> Iterator[Any]:
    if not at:
        yield node
    elif isinstance(node, list):
        for index, item in enumerate(node):
            if at[0] in ("*", str(index)):
                yield from _walk(item, at[1:])
    elif isinstance(node, dict) and at[0].replace("~", ".") in node:
        yield from _walk(node[at[0].replace("~", ".")], at[1:])


def page(shown: dict[str, tuple[Manifest, ...]]) -> str:
    """The table: every row and the specs that show it; at most five, those of `fixtures/ok` first."""
    lines = [_HEAD]
    group = ""
    for row in rows():
        if row.group != group:
            group = row.group
            lines += ["", f"## {group}", "", "| what | services | shown by |", "|---|---|---|"]
        names = [name for name, found in shown.items() if shows(row, found)]
        lines.append(f"| {row.name} | {row.count or ''} | {', '.join(f'`{name}`' for name in names[:5])} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"

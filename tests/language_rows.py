"""The rows that the language must be able to say, and the specs of `fixtures` whose compiled objects show each."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.parse import parse
from svc.pipeline import Compiled, Request, compile_
from svc.source import Source
from svc.targets.helm.types import Chart
from svc.tree import Tree

FIXTURES = Path(__file__).parents[1] / "fixtures"
OK = tuple(sorted((FIXTURES / "ok").glob("*.yaml")))
_HEAD = """# What the language covers

Made from `fixtures/language.yaml` and the compiled specs by `make update`; do not edit. A number says how many of 166 real services use it.
What only patches and objects of one's own can say stands at the end: see [when the spec cannot say it](../how-to/escape-hatches.md).
"""


@dataclass(frozen=True, slots=True)
class Row:
    group: str
    name: str
    count: int
    kind: str
    at: tuple[str, ...]
    wanted: Any
    usual: bool
    """Of every service, whether its spec says something about it or not."""


def rows() -> tuple[Row, ...]:
    (document,) = parse(Source("language.yaml", (FIXTURES / "language.yaml").read_text("utf-8"))).documents
    data = document.data
    assert isinstance(data, dict)
    return tuple(
        Row(
            group,
            one["row"],
            one["count"],
            one.get("kind", ""),
            tuple(one["at"].split(".")),
            one["is"],
            one.get("usual", False),
        )
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


def shows(row: Row, found: Iterable[Manifest]) -> bool:
    """Whether one of the objects has the wanted value."""
    return any(routes(row, one) for one in found)


def routes(row: Row, one: Manifest) -> list[Route]:
    """Where the object has the wanted value."""
    if row.kind and one.kind != row.kind:
        return []
    start: Route = ()
    at = row.at
    if at[0] == "pod":
        if one.pod_route is None:
            return []
        start, at = one.pod_route, at[1:]
    found = _walk(one.tree.get(*start), at, start)
    return [route for route, value in found if type(value) is type(row.wanted) and value == row.wanted]


def changed(row: Row, one: Manifest) -> Manifest:
    """The object with something else where it has the wanted value."""
    data = copy.deepcopy(one.tree.data)
    for route in routes(row, one):
        node = data
        for part in route[:-1]:
            node = node[part]
        node[route[-1]] = {"other": node[route[-1]]}
    return Manifest(Tree(data))


def _walk(node: Any, at: tuple[str, ...], route: Route) -> Iterator[tuple[Route, Any]]:
    if not at:
        yield route, node
    elif isinstance(node, list):
        for index, item in enumerate(node):
            if at[0] in ("*", str(index)):
                yield from _walk(item, at[1:], (*route, index))
    elif isinstance(node, dict) and at[0].replace("~", ".") in node:
        key = at[0].replace("~", ".")
        yield from _walk(node[key], at[1:], (*route, key))


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

"""A value that no template asks for. What belongs to subcharts, and what all charts share, is theirs to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._chart_values import Path, asked, reaches
from svc.checks._charts import written
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.targets.helm.source import VALUES, SourceChart

_CONVENTIONS = frozenset({"global", "tags", "nameOverride", "fullnameOverride", "exports"})


def check(artifact: object, _: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    values = chart.data(VALUES) if chart is not None else None
    if chart is None or chart.library or not isinstance(values, dict) or not any(chart.under("templates")):
        return
    found = asked(chart)
    if found is None:
        return
    others = _CONVENTIONS | set(_of_subcharts(chart))
    used = [one.path for one in found]
    for key, value in values.items():
        if str(key) not in others:
            yield from _unused((str(key),), value, used)


def _unused(path: Path, value: Any, used: list[Path]) -> Iterator[tuple[Route, str]]:
    if any(reaches(one, path) for one in used):
        return
    if isinstance(value, dict) and any(reaches(path, one) for one in used):
        for key, inner in value.items():
            yield from _unused((*path, str(key)), inner, used)
        return
    if not any(reaches(path, one) for one in used):
        yield (VALUES, *path), f"no template uses the value `{'.'.join(path)}`"


def _of_subcharts(chart: SourceChart) -> Iterator[str]:
    if chart.inner:
        yield "enabled"  # what the chart around it asks for, by `condition`
    for _, one in chart.dependencies:
        yield from (str(one[key]) for key in ("name", "alias") if one.get(key))
        condition = one.get("condition")
        for path in condition.split(",") if isinstance(condition, str) else ():
            yield path.strip().partition(".")[0]
    for path in chart.under("charts"):
        yield path.split("/")[1].removesuffix(".tgz").rpartition("-")[0] or path.split("/")[1]
        yield path.split("/")[1]

"""A template prints a value that no values file has: nothing is printed, and nobody is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._chart_values import Path, asked, reaches
from svc.checks._charts import written
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.targets.helm.source import SCHEMA, VALUES, SourceChart
from svc.tree import has


def check(artifact: object, _: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    found = asked(chart) if chart is not None and not chart.library else None
    if chart is None or found is None:
        return
    guarded = [one.path for one in found if not one.plain]
    files = [chart.data(path) for path in (VALUES, *chart.values_files)]
    for one in found:
        if (
            not one.plain
            or one.file == VALUES
            or (chart.inner and one.path[0] == "global")  # which the chart around it may say
            or any(reaches(one.path, other) or reaches(other, one.path) for other in guarded)
        ):
            continue
        if not any(has(values, one.path) for values in files) and not _asked_of_people(chart, one.path):
            name = ".".join(one.path)
            yield (one.file, "Values", *one.path), f"`.Values.{name}` is in no values file, so that nothing is printed"


def _asked_of_people(chart: SourceChart, path: Path) -> bool:
    """Whether the schema demands it, or values.yaml names it in a comment."""
    schema = chart.data(SCHEMA)
    for key in path:
        if not isinstance(schema, dict):
            break
        if key in (schema.get("required") or ()):
            return True
        schema = (schema.get("properties") or {}).get(key)
    return re.search(rf"(?m)^\s*#.*\b{re.escape(path[-1])}\s*:", chart.texts.get(VALUES, "")) is not None

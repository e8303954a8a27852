"""A dependency that Chart.lock does not hold: what is deployed is decided when somebody packages the chart."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._charts import written
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.tree import mappings


def check(artifact: object, _: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    lock = chart.data(chart.lock_file)
    locked = {one.get("name") for _, one in mappings(lock, "dependencies")}
    for route, one in chart.dependencies:
        repository = str(one.get("repository") or "")
        if not repository or repository.startswith("file:") or one["name"] in locked:
            continue
        why = f"{chart.lock_file} does not hold it" if lock is not None else f"there is no {chart.lock_file}"
        yield (*route, "name"), f"dependency `{one['name']}` is not locked: {why}"

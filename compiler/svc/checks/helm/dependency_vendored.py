"""A dependency that is not in `charts/`, and a chart there that is no dependency."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._charts import written
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.helm.source import CHART


@dataclass(frozen=True, slots=True)
class Params:
    """`undeclared`: charts in `charts/` that Chart.yaml does not name, instead of dependencies that are not there."""

    undeclared: bool = False


def check(artifact: object, params: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    if not params.undeclared:
        for route, one in chart.dependencies:
            if not chart.vendored(one["name"]):
                yield (*route, "name"), f"dependency `{one['name']}` is not in charts/"
        return
    known = {one["name"] for _, one in chart.dependencies}
    folders = {path.split("/")[1] for path in chart.under("charts") if path.endswith("/Chart.yaml")}
    for folder in sorted(folders - known):
        if f"charts/{folder}/Chart.yaml" in chart.paths:
            yield (CHART,), f"charts/{folder} is deployed with the chart, and is none of its dependencies"

"""Chart.yaml does not set a key that Helm leaves to whoever writes the chart."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._charts import written
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.helm.source import CHART


@dataclass(frozen=True, slots=True)
class Params:
    key: str = "icon"


def check(artifact: object, params: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    if chart.head and not chart.library and not chart.head.get(params.key):
        yield (CHART,), f"Chart.yaml has no `{params.key}`"

"""A chart without a file that Helm leaves to whoever writes the chart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._charts import written
from svc.diagnostics import Route
from svc.patterns import Pattern, like
from svc.records import dataclass
from svc.targets.helm.source import CHART


@dataclass(frozen=True, slots=True)
class Params:
    """`files`: one of these has to be there. `containing`: and match this pattern."""

    files: tuple[str, ...] = ("README.md",)
    containing: Pattern = ""
    what: str = "README.md"


def check(artifact: object, params: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    there = [path for path in chart.paths if any(like(path, one) for one in params.files)]
    if params.containing:
        there = [path for path in there if re.search(params.containing, chart.texts.get(path, ""))]
    if not there and not chart.library:
        yield (CHART,), f"the chart has no {params.what}"

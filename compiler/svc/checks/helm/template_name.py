"""A file in `templates/` whose name Helm's own lint does not know."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._charts import written
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route

KNOWN = (".yaml", ".yml", ".tpl", ".txt")


def check(artifact: object, _: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    for path in chart.under("templates"):
        if not path.endswith(KNOWN):
            yield (path,), f"`{path}` ends in none of {', '.join(f'`{one}`' for one in sorted(KNOWN))}"

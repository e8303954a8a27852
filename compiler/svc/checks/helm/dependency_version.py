"""A dependency whose version is a range."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._charts import written
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.patterns import regex

_RANGE = regex(r"[~^*<>|xX ]|^$|^v?\d+(\.\d+)?$")


def check(artifact: object, _: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    for route, one in chart.dependencies:
        repository, version = str(one.get("repository") or ""), str(one.get("version") or "")
        if repository and not repository.startswith("file:") and _RANGE.search(version):
            message = f"dependency `{one.get('alias') or one['name']}` takes any version that fits `{version}`"
            yield (*route, "version") if version else route, message

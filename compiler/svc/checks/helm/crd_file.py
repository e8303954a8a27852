"""A file in `crds/` that is no plain CustomResourceDefinition: Helm renders nothing there, and never upgrades it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._charts import written
from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.parse import parse
from svc.source import Source

KIND = "CustomResourceDefinition"


def check(artifact: object, _: Params) -> Iterator[tuple[Route, str]]:
    chart = written(artifact)
    if chart is None:
        return
    for path in chart.under("crds"):
        if not path.endswith((".yaml", ".yml")):
            continue
        parsed = parse(Source(path, chart.texts.get(path, "")))
        if parsed.problems:
            yield (path,), f"`{path}` is no YAML as it stands, and Helm does not render crds/"
        for document in parsed.documents:
            kind = document.data.get("kind") if isinstance(document.data, dict) else None
            if kind != KIND:
                yield (path,), f"`{path}` holds `{kind or 'no kind'}`; crds/ is for {KIND}"

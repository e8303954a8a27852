"""values.schema.json: Helm itself refuses unknown keys and values that would break an error-level policy."""

from __future__ import annotations

from typing import Any

from svc.indented import indented
from svc.notice import notice
from svc.targets.helm.demands import demanded
from svc.targets.helm.types import Chart


def values_schema(chart: Chart) -> str:
    """Draft 7, as Helm reads it."""
    root: dict[str, Any] = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Values of the chart {chart.name}",
        "description": notice(chart.spec),
        "type": "object",
        "additionalProperties": False,
        "required": ["image"],
        "properties": {"global": {"type": "object"}},
    }
    for slot in chart.slots:
        node = root
        for part in slot.path[:-1]:
            node = node["properties"].setdefault(
                part, {"type": "object", "additionalProperties": False, "properties": {}}
            )
            node.setdefault("properties", {})
        schema = dict(slot.schema)
        demand = demanded(slot.path, chart)
        if demand is not None:
            schema["allOf"] = [demand]
        if slot.doc:
            schema = {"description": slot.doc, **schema}
        node["properties"][slot.path[-1]] = schema
    root["properties"]["image"]["required"] = ["repository", "digest"]
    return indented(root) + "\n"

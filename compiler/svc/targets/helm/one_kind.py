"""A workload of which environments make two kinds is one of them at a time, and its autoscaler scales that one."""

from __future__ import annotations

from typing import Any

from svc.targets.helm.checks import RANGES, inside
from svc.targets.helm.types import Chart, Hole, Path, Template


def one_kind(chart: Chart) -> list[dict[str, Any]]:
    """What the values have to be to each other, as JSON Schema."""
    made: list[dict[str, Any]] = []
    for one in chart.templates:
        other = next((each for each in chart.templates if each.key == ("StatefulSet", one.key[1])), None)
        if one.key[0] != "Deployment" or other is None or not (_switch(one) and _switch(other)):
            continue
        deployment, stateful = _is(_switch(one), True), _is(_switch(other), True)
        made.append({"oneOf": [deployment, stateful]})
        for scaler in chart.templates:
            kind = inside(scaler.body, "spec", "scaleTargetRef", "kind") if scaler.key[0] in RANGES else None
            if scaler.key[1] == one.key[1] and isinstance(kind, Hole) and _switch(scaler):
                kinds = {"then": _is(kind.path, one.key[0]), "else": _is(kind.path, other.key[0])}
                made.append({"if": _is(_switch(scaler), True), "then": {"if": deployment, **kinds}})
    return made


def _switch(template: Template) -> Path:
    return template.when.path if template.when is not None and template.when.kind == "if" else ()


def _is(path: Path, value: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"const": value}
    for part in reversed(path):
        made = {"properties": {part: made}, "required": [part]}
    return made

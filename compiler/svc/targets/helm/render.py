"""A chart as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svc.diagnostics import Route
from svc.emit import Emitted, emit
from svc.targets.helm import validate
from svc.targets.helm.lines import moved, moving, shifts
from svc.targets.helm.print import template_text
from svc.targets.helm.schema import values_schema
from svc.targets.helm.texts import IGNORE, header, helpers, notes, readme
from svc.targets.helm.types import Chart, Template
from svc.targets.protocol import Lines, Rendered
from svc.tree import has

KUBE_VERSION = ">=1.35.0-0"


def render(artifact: Chart | None, /) -> Rendered:
    if artifact is None:
        return Rendered({})
    chart = artifact
    files = {
        chart.path("Chart.yaml"): emit(metadata(chart), header=header(chart)).text,
        chart.path(".helmignore"): IGNORE,
        chart.path("README.md"): readme(chart),
        chart.path("values.schema.json"): values_schema(chart),
        chart.path("values.yaml"): _values(chart),
        chart.path("templates/_helpers.tpl"): helpers(chart),
        chart.path("templates/NOTES.txt"): notes(chart),
    }
    if chart.checks:
        files[chart.path(validate.FILE)] = validate.validations(chart)
    for one in chart.environments:
        text = emit(
            dict(one.overrides), header=f"{header(chart)}\nWhat {one.name} says differently from values.yaml."
        ).text
        files[chart.path(f"values-{one.name}.yaml")] = text
    printed: list[tuple[Template, str, Emitted]] = []
    for template in chart.templates:
        path = chart.path(f"templates/{template.file}")
        emitted = template_text(template, chart.name, header(chart))
        files[path] = emitted.text
        printed.append((template, path, emitted))
    return Rendered(files, lambda: _lines(chart, printed))


def _lines(chart: Chart, printed: Sequence[tuple[Template, str, Emitted]]) -> Lines:
    lines: dict[tuple[str, Route], tuple[str, int]] = {}
    for template, path, emitted in printed:
        lists = moving(template)
        for index, one in enumerate(chart.environments):
            key = "/".join((one.name, *template.key_in(index)))
            if not lists:
                lines.update({(key, route): (path, line) for route, line in emitted.lines.items()})
                continue
            shifted = shifts(lists, chart.values, one.overrides)
            for route, line in emitted.lines.items():
                there = moved(route, shifted)
                if there is not None:
                    lines[(key, there)] = (path, line)
    return lines


def metadata(chart: Chart) -> dict[str, Any]:
    made: dict[str, Any] = {
        "apiVersion": "v2",
        "name": chart.name,
        "description": chart.description,
        "type": "application",
        "version": chart.version,
        "appVersion": chart.app_version,
        "kubeVersion": KUBE_VERSION,
    }
    if chart.team:
        made["maintainers"] = [{"name": chart.team}]
    return made


def _values(chart: Chart) -> str:
    """values.yaml with every value that is documented explained above it."""
    comments: dict[Route, str] = {
        slot.path: slot.doc for slot in chart.slots if slot.doc and has(chart.values, slot.path)
    }
    tops = [(key,) for key in chart.values]
    comments |= {(key,): doc for key, doc in _SECTIONS.items() if key in chart.values}
    note = "Each values-<environment>.yaml says only what differs from here."
    return emit(_ordered(chart.values), header=f"{header(chart)}\n{note}", comments=comments, blank_before=[*tops]).text


_SECTIONS = {
    "env": "Variables with a value of their own.",
    "envSources": "Variables that are made from others or come from somewhere else: what Kubernetes writes beside their name.",
}

_FIRST = (
    "nameOverride",
    "fullnameOverride",
    "namespaceOverride",
    "commonLabels",
    "image",
    "replicaCount",
    "autoscaling",
    "keda",
    "env",
    "envSources",
    "resources",
)


def _ordered(values: Mapping[str, Any]) -> dict[str, Any]:
    order = {key: index for index, key in enumerate(_FIRST)}
    return dict(
        sorted(
            values.items(), key=lambda item: (order.get(item[0], len(order)), item[0] if item[0] not in order else "")
        )
    )

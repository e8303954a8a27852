"""A chart's files back to the objects of an environment, by code that did not write them."""

from __future__ import annotations

import json
from typing import Any

from svc.emit import emit
from svc.parse import parse
from svc.source import Source
from svc.targets.helm.template import Engine, TemplateError
from svc.targets.protocol import Files


def read_objects(
    files: Files, folder: str, values_file: str, release: str, namespace: str
) -> dict[tuple[str, str], Any]:
    """(kind, name) -> object, as Helm would render the chart with a values file. Raises TemplateError.

    `folder` is the chart's path with a slash at the end.
    """
    chart = _data(files, folder + "Chart.yaml")
    values = _merged(_data(files, folder + "values.yaml"), _data(files, folder + values_file))
    root = {
        "Values": values,
        "Chart": {"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]},
        "Release": {"Name": release, "Namespace": namespace, "Service": "Helm"},
    }
    engine = Engine(root, lambda value: emit(value).text)
    engine.define(files[folder + "templates/_helpers.tpl"])
    found: dict[tuple[str, str], Any] = {}
    for path in sorted(files):
        if not path.startswith(folder + "templates/") or not path.endswith(".yaml"):
            continue
        parsed = parse(Source(path, engine.render(files[path])))
        if parsed.problems:
            raise TemplateError(f"{path}: renders to no YAML: {parsed.problems[0].message}")
        for document in parsed.documents:
            if document.data is not None:
                found[(document.data["kind"], document.data["metadata"]["name"])] = document.data
    return found


def _data(files: Files, path: str) -> dict[str, Any]:
    parsed = parse(Source(path, files[path]))
    if parsed.problems:
        raise TemplateError(f"{path}: is no YAML: {parsed.problems[0].message}")
    data = parsed.documents[0].data if parsed.documents else {}
    return data if isinstance(data, dict) else {}


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Helm's merge of values: maps by key, null removes, the rest replaces."""
    result = json.loads(json.dumps(base))
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = _merged(result[key], value)
        else:
            result[key] = value
    return dict(result)

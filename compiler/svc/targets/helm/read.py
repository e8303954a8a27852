"""A chart's files back to the objects of an environment, by code that did not write them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from svc.emit import emit
from svc.parse import parse
from svc.source import Source
from svc.targets.helm.sprig import Failed, TemplateError
from svc.targets.helm.template import Engine
from svc.targets.protocol import Files
from svc.tree import EXACT, Data, Tree
from svc.yaml_parts import mapping
from svc.yaml_plain import doubtful, loaded

_EXPONENT = 10**21
"""From here on whole numbers have an exponent in JSON, and then they are no integers."""


def read_objects(
    files: Files, folder: str, values_file: str, release: str, namespace: str
) -> dict[tuple[str, str], Any]:
    """(kind, name) -> object, as Helm would render the chart with a values file. Raises TemplateError.

    `folder` is the chart's path with a slash at the end.
    """
    values = merged_values(files, folder, values_file)
    return rendered(files, folder, engine_of(files, folder, values, release, namespace))[0]


def merged_values(files: Files, folder: str, values_file: str) -> dict[str, Any]:
    """values.yaml and the file of an environment, as Helm merges them."""
    return _merged(_numbers(files, folder + "values.yaml"), _numbers(files, folder + values_file))


def rendered(files: Files, folder: str, engine: Engine) -> tuple[dict[tuple[str, str], Any], str]:
    """The objects, and what NOTES.txt says."""
    found: dict[tuple[str, str], Any] = {}
    for path in template_paths(files, folder):
        for data in documents(path, engine.render(files[path]), "renders to"):
            if data is not None:
                key = _identity(path, data)
                if key in found:
                    raise TemplateError(f"{path}: {key[0]} {key[1]} is rendered twice")
                found[key] = data
    return found, said(files, folder, engine)


def said(files: Files, folder: str, engine: Engine) -> str:
    """What NOTES.txt says."""
    return engine.render(files.get(folder + "templates/NOTES.txt", ""))


def template_paths(files: Files, folder: str) -> list[str]:
    """The files that render to objects."""
    return sorted(path for path in files if path.startswith(folder + "templates/") and path.endswith(".yaml"))


def engine_of(files: Files, folder: str, values: Mapping[str, Any], release: str, namespace: str) -> Engine:
    """What renders templates of the chart."""
    chart = read_data(files, folder + "Chart.yaml")
    root = {
        "Values": values,
        "Chart": {
            "Name": chart.get("name"),
            "Version": chart.get("version"),
            "AppVersion": _clean(chart.get("appVersion")),
        },
        "Release": {"Name": release, "Namespace": namespace, "Service": "Helm"},
    }
    engine = Engine(root, to_yaml)
    engine.define(files[folder + "templates/_helpers.tpl"], str(chart.get("name")))
    return engine


def to_yaml(value: Any) -> str:
    return emit(value).text


def failure(files: Files, path: str, engine: Engine) -> str:
    """What one template fails with; empty when it does not. Raises TemplateError for what cannot be read."""
    try:
        engine.render(files[path])
    except Failed as failed:
        return str(failed)
    return ""


def _clean(text: Any) -> Any:
    """Helm makes blanks of what stands for blanks in Chart.yaml, and drops what it cannot print."""
    if not isinstance(text, str) or text.isprintable():
        return text
    return "".join(" " if char.isspace() else char for char in text if char.isspace() or char.isprintable())


def _identity(path: str, data: Data) -> tuple[str, str]:
    tree = Tree(data)
    kind, name = tree.get("kind"), tree.get("metadata", "name")
    if not isinstance(kind, str) or not isinstance(name, str):
        raise TemplateError(f"{path}: renders to something without a kind or a name")
    return kind, name


def documents(path: str, text: str, verb: str) -> list[Data]:
    """What a text of YAML holds, read as Helm reads it; `verb` says in a message how the file comes to hold it."""
    found = loaded(text)
    if found is not None:
        word = doubtful(text)
        if word:
            raise TemplateError(f"{path}: {verb} `{word}` without quotes, which is no text for Helm")
        return found
    parsed = parse(Source(path, text))
    if parsed.problems:
        raise TemplateError(f"{path}: {verb} no YAML: {parsed.problems[0].message}")
    return [one.data for one in parsed.documents]


def read_data(files: Files, path: str) -> dict[str, Any]:
    """What a file of the chart holds; not to be changed, since every environment reads the same files."""
    return _file(path, files[path])


def _numbers(files: Files, path: str) -> dict[str, Any]:
    return _as_floats(path, files[path])


@lru_cache(maxsize=16)
def _as_floats(path: str, text: str) -> dict[str, Any]:
    """The values as Helm has them: every number is a float of 64 bits, and one without a fraction is written without it."""
    found: dict[str, Any] = _floats(_file(path, text))
    return found


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _floats(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_floats(one) for one in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, int) and abs(value) < EXACT:
        return value
    if not math.isfinite(value):
        raise TemplateError(f"{value} is no number in JSON")
    return int(float(value)) if float(value).is_integer() and abs(value) < _EXPONENT else float(value)


@lru_cache(maxsize=16)
def _file(path: str, text: str) -> dict[str, Any]:
    quick = mapping(text)
    if quick is not None:
        return quick
    found = documents(path, text, "is")
    return found[0] if found and isinstance(found[0], dict) else {}


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Helm's merge of values: maps by key, null removes, the rest replaces."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = _merged(result[key], value)
        elif isinstance(result.get(key), dict):
            raise TemplateError(f"Helm keeps the mapping `{key}` whatever else is laid over it")
        else:
            result[key] = value
    return result

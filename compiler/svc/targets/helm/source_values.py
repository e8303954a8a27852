"""Values of a hand-written chart against its own values.schema.json: Helm refuses what does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.targets.helm.source import SCHEMA, VALUES, SourceChart

_LONGEST = 160


def problems(chart: SourceChart) -> Iterator[Problem]:
    """Each at its value: `values.yaml` alone, and every other values file laid over it."""
    schema = chart.data(SCHEMA)
    if schema is None:
        return
    wrong = _wrong_schema(schema)
    if wrong:
        yield Problem("chart-schema-invalid", (SCHEMA,), wrong)
        return
    base = chart.data(VALUES) or {}
    said: set[tuple[Route, str]] = set()
    for path in (VALUES, *chart.values_files):
        over = chart.data(path) or {}
        if not isinstance(over, dict) or not isinstance(base, dict):
            yield Problem("chart-values-invalid", (path,), "values are a mapping")
            continue
        for problem in _against(schema, base if path == VALUES else merged(base, over), chart, path):
            key = (problem.route[1:], problem.message)
            if problem.route[0] == VALUES and path != VALUES and key in said:
                continue
            said.add(key)
            yield problem


def merged(base: Any, over: Any) -> Any:
    """Helm's merge: maps by key, null removes, the rest replaces."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    result = {key: value for key, value in base.items() if over.get(key, value) is not None}
    return {**result, **{key: merged(base.get(key), value) for key, value in over.items() if value is not None}}


def _wrong_schema(schema: Any) -> str:
    from jsonschema import SchemaError
    from jsonschema.validators import validator_for

    if not isinstance(schema, dict):
        return "a schema is an object"
    try:
        validator_for(schema).check_schema(schema)
    except SchemaError as error:
        return f"this is no JSON Schema: {_short(error.message)}"
    return ""


def _against(schema: Any, values: Any, chart: SourceChart, path: str) -> Iterator[Problem]:
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    validator = validator_for(schema)(schema, registry=Registry())  # no network: references stay inside the file
    try:
        errors = sorted(validator.iter_errors(values), key=lambda one: [str(part) for part in one.absolute_path])
    except Unresolvable as error:
        message = f"values were not judged: the schema refers to `{error.ref}`, and other files are not read"
        yield Problem("chart-schema-reference", (SCHEMA,), message, severity=Severity.INFO)
        return
    for one in errors:
        route = tuple(one.absolute_path)
        yield Problem("chart-values-invalid", _home(chart, path, route), f"{_short(one.message)} ({SCHEMA})")


def _home(chart: SourceChart, path: str, route: Route) -> Route:
    """The file that sets a value: the one laid over, or the values below it."""
    over = chart.documents.get(path)
    return (path if over is not None and (route in over.nodes or not route) else VALUES, *route)


def _short(message: str) -> str:
    plain = json.dumps(message, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 3] + "..."

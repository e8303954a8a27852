"""Values of a hand-written chart against its own values.schema.json: Helm refuses what does not fit."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from svc.diagnostics import Problem, Route, Severity
from svc.targets.helm.source import SCHEMA, VALUES, SourceChart

_LONGEST = 160
_SECONDS = 10.0
"""Of this process's own time, not of a clock's: a pattern, or references of references, may never come to an end."""
_ASTRAY = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What jsonschema raises where a `$ref` leads to something that is no schema: it asks of the rest alone whether it is one."""

_APPLIES = "this schema cannot be applied: a `$ref` leads to what is no schema, or a number is none (`.nan`)"


class _TooLong(Exception):
    """A schema that takes more time than it gets."""


def problems(chart: SourceChart) -> Iterator[Problem]:
    """Each at its value: `values.yaml` alone, and every other values file laid over it."""
    schema = chart.data(SCHEMA)
    if schema is None:
        return
    try:
        with _bounded():
            found = list(_judged(schema, chart))
    except RecursionError:
        found = [
            Problem("chart-schema-invalid", (SCHEMA,), "this is no JSON Schema: it refers to itself without an end")
        ]
    except _TooLong:
        message = f"values were not judged: the schema takes more than {_SECONDS:.0f} seconds of a processor's time"
        found = [Problem("chart-schema-slow", (SCHEMA,), message, severity=Severity.WARNING)]
    yield from found


def _judged(schema: Any, chart: SourceChart) -> Iterator[Problem]:
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
        try:
            against = list(_against(schema, base if path == VALUES else merged(base, over), chart, path))
        except _ASTRAY:
            yield Problem("chart-schema-invalid", (SCHEMA,), _APPLIES)
            return
        for problem in against:
            key = (problem.route[1:], problem.message)
            if problem.route[0] == VALUES and path != VALUES and key in said:
                continue
            said.add(key)
            yield problem


@contextmanager
def _bounded() -> Iterator[None]:
    """Raises _TooLong in what is inside. Only the first thread of a process can be told, and not on every system."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(*_: object) -> NoReturn:
    raise _TooLong


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
    if not isinstance(schema.get("$schema", ""), str):
        return "this is no JSON Schema: `$schema` is the address of its version"
    try:
        validator_for(schema).check_schema(schema)
    except SchemaError as error:
        return f"this is no JSON Schema: {_short(error.message)}"
    except _ASTRAY as error:  # an address that none can be
        return f"this is no JSON Schema: {_short(str(error))}"
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
        message = f"{_short(one.message)} ({SCHEMA})"
        yield Problem("chart-values-invalid", _home(chart, path, route), message, _instead(one))


def _instead(error: Any) -> str:
    """What the schema takes in the place of a value."""
    match error.validator:
        case "enum":
            return f"write {_short(' or '.join(f'`{one}`' for one in error.validator_value))}"
        case "const":
            return f"write `{error.validator_value}`"
        case "type":
            wanted = error.validator_value
            return f"write a value of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}"
        case "required":
            return "set it, or take it out of `required`"
        case "additionalProperties":
            known = ", ".join(f"`{one}`" for one in sorted(error.schema.get("properties") or {}))
            return f"it knows {_short(known)}" if known else "remove it, or let the schema have it"
    return f"the schema says `{error.validator}: {_short(str(error.validator_value))}`"


def _home(chart: SourceChart, path: str, route: Route) -> Route:
    """The file that sets a value: the one laid over, or the values below it."""
    over = chart.documents.get(path)
    return (path if over is not None and (route in over.nodes or not route) else VALUES, *route)


def _short(message: str) -> str:
    plain = json.dumps(message, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 3] + "..."

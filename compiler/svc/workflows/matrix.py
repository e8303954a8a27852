"""A job's matrix: values that stand twice, and exclusions that exclude nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Anchor, Problem, Route
from svc.suggest import nearest
from svc.tree import mapping
from svc.workflows.expression import OPEN

_KEY: Anchor = "key"
_VALUE: Anchor = "value"


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    for name, job in mapping(data, "jobs").items():
        yield from _matrix(mapping(job, "strategy", "matrix"), ("jobs", name, "strategy", "matrix"))


def _matrix(matrix: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    rows = {key: value for key, value in matrix.items() if key not in ("include", "exclude")}
    for key, values in rows.items():
        seen: list[Any] = []
        for index, value in enumerate(values if isinstance(values, list) else ()):
            if any(_same(value, one) for one in seen):
                message = f"the value `{value}` stands twice in row `{key}`"
                yield Problem("workflow-matrix", (*route, key, index), message, "remove one")
            seen.append(value)
    include, exclude = matrix.get("include"), matrix.get("exclude")
    if isinstance(include, str) or not isinstance(exclude, list):
        return
    more = [mapping(one) for one in include] if isinstance(include, list) else []
    if not rows and not any(more) and exclude:
        message = "`exclude` takes away from a matrix that has no row"
        yield Problem("workflow-matrix", (*route, "exclude"), message, "write a row, or remove it", "key")
        return
    for index, one in enumerate(exclude):
        for key, value in mapping(one).items():
            yield from _excluded(key, value, rows, more, (*route, "exclude", index, key))


def _excluded(
    key: str, value: Any, rows: Mapping[str, Any], more: list[dict[str, Any]], at: Route
) -> Iterator[Problem]:
    added = [one[key] for one in more if key in one]
    if key not in rows and not added:
        if not any(OPEN in str(row) for row in rows):
            message = f"`exclude` names `{key}`, which is no row{nearest(key, rows)}"
            yield Problem("workflow-matrix", at, message, "name a row of the matrix", "key")
        return
    row = rows.get(key, [])
    if isinstance(row, list) and not any(_covers(value, one) for one in [*row, *added]):
        message = f"`exclude` names `{value}`, which row `{key}` does not have"
        first = next(iter(value), None) if isinstance(value, dict) else None
        at, anchor = (at, _VALUE) if first is None else ((*at, first), _KEY)
        yield Problem("workflow-matrix", at, message, "it excludes nothing: remove it", anchor)


def _covers(wanted: Any, value: Any) -> bool:
    """Whether an exclusion is of a value: an object with some of its properties is. What is filled in later may be."""
    if any(isinstance(one, str) and OPEN in one for one in (wanted, value)):
        return True
    if isinstance(value, dict):
        return isinstance(wanted, dict) and all(key in value and _covers(wanted[key], value[key]) for key in wanted)
    if isinstance(value, list):
        same = isinstance(wanted, list) and len(wanted) == len(value)
        return same and all(_covers(one, other) for one, other in zip(wanted, value, strict=True))
    return not isinstance(wanted, dict | list) and str(wanted) == str(value)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other) and OPEN not in str(one)

"""values.schema.json: Helm itself refuses unknown keys and values that would break an error-level policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from svc.fits import Test, fitting
from svc.indented import indented
from svc.notice import notice
from svc.targets.helm.api import DEFINITIONS, DRAFT, Definitions, typed
from svc.targets.helm.demands import demands
from svc.targets.helm.needed import needed
from svc.targets.helm.plain_texts import DEFINITIONS as TEXTS
from svc.targets.helm.types import Chart, Path, Slot, Spot
from svc.targets.helm.values import at, merged

_ALONE = frozenset(
    {"const", "enum", "maxItems", "maxLength", "maximum", "minLength", "minimum", "not", "pattern", "propertyNames"}
)
"""Words of a schema that mean the same whatever stands beside them."""

_CONDITION = "For charts that depend on this one: their `condition` reads it, and nothing here does."


def values_schema(chart: Chart) -> str:
    return _text(_Same(chart))


class _Same:
    """A chart, the same only as itself."""

    __slots__ = ("chart",)

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def __hash__(self) -> int:
        return id(self.chart)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.chart is self.chart


@lru_cache(maxsize=1)
def _text(one: _Same) -> str:
    """Asked for twice: where the chart is printed, and where it is read back."""
    return indented(schema_data(one.chart)) + "\n"


def schema_data(chart: Chart) -> dict[str, Any]:
    """Draft 7, as Helm reads it."""
    root: dict[str, Any] = {
        "$schema": DRAFT,
        "title": f"Values of the chart {chart.name}",
        "description": notice(chart.spec),
        **_branch(),
        "properties": {"global": {"type": "object"}, "enabled": {"description": _CONDITION, "type": "boolean"}},
    }
    everywhere = [chart.values, *(merged(chart.values, one.overrides) for one in chart.environments)]
    linted = [merged(chart.values, _without_null(one.overrides)) for one in chart.environments]
    found: Definitions = {name: dict(one) for name, one in TEXTS.items()}
    for slot in chart.slots:
        node = root
        for part in slot.path[:-1]:
            node = node["properties"].setdefault(part, _branch())
        node["properties"][slot.path[-1]] = _said(slot, [*everywhere, *linted], found)
    for path in sorted(needed(chart, everywhere)):
        _node(root, path[:-1]).setdefault("required", []).append(path[-1])
    used = _used(root["properties"], found)
    if used:
        root["definitions"] = {name: found[name] for name in sorted(used)}
    return root


def _without_null(values: Mapping[str, Any]) -> dict[str, Any]:
    """`helm lint` holds values to the schema before `null` has removed any."""
    kept = {key: one for key, one in values.items() if one is not None}
    return {key: _without_null(one) if isinstance(one, Mapping) else one for key, one in kept.items()}


def _branch() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _node(root: dict[str, Any], path: Path) -> dict[str, Any]:
    for part in path:
        root = root["properties"][part]
    return root


def _said(slot: Slot, everywhere: Sequence[Mapping[str, Any]], found: Definitions) -> dict[str, Any]:
    """What is said of a value. What the chart says itself always stands: it was judged, or waived."""
    own = list(_own(everywhere, slot.path))
    about = {"description": slot.doc} if slot.doc else {}
    said = [one for one, test in _parts(slot, found) if all(test(value) for value in own)]
    plain = [one for one in said if "$ref" not in one]
    if not plain and len(said) == 1 and not about:
        return said[0]
    made = {**about, **(plain[0] if plain else {})}
    rest = []
    for one in said:
        if one.keys() <= _ALONE and not one.keys() & made.keys():
            made.update(one)
        elif not plain or one is not plain[0]:
            rest.append(one)
    return {**made, **({"allOf": rest} if rest else {})}


def _parts(slot: Slot, found: Definitions) -> Iterator[tuple[dict[str, Any], Test]]:
    """What may be said of a value, and who tells whether a value fits that."""
    kind = typed(slot.spot) if slot.spot is not None else None
    if kind is None or slot.schema.keys() - {"type"}:
        yield dict(slot.schema), _test(json.dumps(slot.schema))
    if kind is not None and slot.spot is not None:
        found.update(kind[1])
        yield kind[0], _typed_test(slot.spot)
    for one in demands(slot.path):
        yield one, _test(json.dumps(one))


@lru_cache(maxsize=1024)
def _test(schema: str) -> Test:
    """The test of a schema that refers to nothing but the texts."""
    return fitting({"$schema": DRAFT, "definitions": TEXTS, "allOf": [json.loads(schema)]})


@cache
def _typed_test(spot: Spot) -> Test:
    made, definitions = typed(spot) or ({}, {})
    return fitting({"$schema": DRAFT, "definitions": {**TEXTS, **definitions}, "allOf": [made]})


def _own(everywhere: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Any]:
    """What the chart's own values have at a path."""
    found = (at(values, path) for values in everywhere)
    return (one for one in found if one is not None)


def _used(node: Any, found: Definitions) -> set[str]:
    """The definitions that are referred to, at once and by each other."""
    names: set[str] = set()
    left = [node]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            name = str(one.get("$ref", "")).removeprefix(DEFINITIONS)
            if name in found and name not in names:
                names.add(name)
                left.append(found[name])
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return names

"""values.schema.json: Helm itself refuses unknown keys and values that would break an error-level policy."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from svc.by_identity import ByIdentity
from svc.fits import Test, fitting
from svc.indented import indented
from svc.notice import notice
from svc.targets.helm.api import DEFINITIONS, DRAFT, Definitions, typed
from svc.targets.helm.demands import NAMED, demands
from svc.targets.helm.needed import needed
from svc.targets.helm.one_kind import one_kind
from svc.targets.helm.own_account import own_account
from svc.targets.helm.plain_texts import DEFINITIONS as TEXTS
from svc.targets.helm.types import Chart, Path, Slot, Spot
from svc.targets.helm.values import at, merged

_ALONE = frozenset(
    {"const", "enum", "maxItems", "maxLength", "maximum", "minLength", "minimum", "not", "pattern", "propertyNames"}
)
"""Words of a schema that mean the same whatever stands beside them."""
_KEPT = 2048
_encoded = json.JSONEncoder(check_circular=False).encode

_CONDITION = "For charts that depend on this one: their `condition` reads it, and nothing here does."


_texts: ByIdentity[Chart, str] = ByIdentity(1)
"""Asked for twice: where a chart is printed, and where it is read back."""
_pieces: ByIdentity[Mapping[str, Any], dict[str, str]] = ByIdentity(_KEPT)
"""By what stands before each line."""
_names: ByIdentity[Mapping[str, Any], frozenset[str]] = ByIdentity(_KEPT)


def values_schema(chart: Chart) -> str:
    return _texts.get(chart, _text)


def _text(chart: Chart) -> str:
    branches = {slot.path[:length] for slot in chart.slots for length in range(len(slot.path))}
    return _printed(schema_data(chart), (), branches) + "\n"


def _printed(node: Mapping[str, Any], at: Path, branches: Collection[Path]) -> str:
    """What `indented` gives; what is said of a value, and a definition, is printed once for all charts that have it."""
    pad = "    " * len(at)
    parts = []
    for key, item in node.items():
        if key not in {"properties", "definitions"} or not item:
            parts.append(f"{pad}  {json.dumps(key)}: {indented(item, pad + '  ')}")
            continue
        inside = []
        for name, one in item.items():
            branch = key == "properties" and (*at, name) in branches
            text = _printed(one, (*at, name), branches) if branch else _piece(one, pad + "    ")
            inside.append(f"{pad}    {indented(name)}: {text}")
        parts.append(f'{pad}  "{key}": {{\n' + ",\n".join(inside) + f"\n{pad}  }}")
    return "{\n" + ",\n".join(parts) + f"\n{pad}}}"


def _piece(one: Mapping[str, Any], pad: str) -> str:
    texts = _pieces.get(one, lambda _: {})
    if pad not in texts:
        texts[pad] = indented(one, pad)
    return texts[pad]


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
    kept = [_without_null(one.overrides) for one in chart.environments]
    linted = [
        merged(chart.values, has) for has, one in zip(kept, chart.environments, strict=True) if has != one.overrides
    ]
    found: Definitions = dict(TEXTS)
    referred: set[str] = set()
    for slot in chart.slots:
        node = root
        for part in slot.path[:-1]:
            node = node["properties"].setdefault(part, _branch())
        said = node["properties"][slot.path[-1]] = _said(slot, [*everywhere, *linted], found)
        referred |= _names.get(said, _referred)
    for path in sorted(needed(chart, everywhere)):
        _node(root, path[:-1]).setdefault("required", []).append(path[-1])
    fitted = (*everywhere, *linted)
    demanded = [
        one
        for one in (*own_account(chart), *one_kind(chart), NAMED)
        if all(_test(json.dumps(one))(values) for values in fitted)
    ]
    if demanded:
        root["allOf"] = demanded
    used = _used(referred, found)
    if used:
        root["definitions"] = {name: found[name] for name in sorted(used)}
    return root


def _without_null(values: Mapping[str, Any]) -> dict[str, Any]:
    """`helm lint` holds values to the schema before `null` has removed any."""
    kept = {key: one for key, one in values.items() if one is not None}
    return {key: _without_null(one) if isinstance(one, (dict, Mapping)) else one for key, one in kept.items()}


def _branch() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _node(root: dict[str, Any], path: Path) -> dict[str, Any]:
    for part in path:
        root = root["properties"][part]
    return root


def _said(slot: Slot, everywhere: Sequence[Mapping[str, Any]], found: Definitions) -> dict[str, Any]:
    """What is said of a value. What the chart says itself always stands: it was judged, or waived."""
    own = [one for values in everywhere if (one := at(values, slot.path)) is not None]
    if slot.spot is not None:
        found.update((typed(slot.spot) or ({}, {}))[1])
    return _said_of(slot.path, slot.doc, slot.spot, _encoded([slot.schema, own]))


@lru_cache(maxsize=_KEPT)
def _said_of(path: Path, doc: str, spot: Spot | None, said_and_own: str) -> dict[str, Any]:
    """Not to be changed: charts have it in common. `said_and_own`: the slot's schema and the chart's values, as JSON."""
    schema, own = json.loads(said_and_own)
    about = {"description": doc} if doc else {}
    said = [one for one, test in _parts(path, _encoded(schema), spot) if all(test(value) for value in own)]
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


def _parts(path: Path, schema: str, spot: Spot | None) -> Iterator[tuple[dict[str, Any], Test]]:
    """What may be said of a value, and who tells whether a value fits that."""
    kind = typed(spot) if spot is not None else None
    plain: dict[str, Any] = json.loads(schema)
    if kind is None or plain.keys() - {"type"}:
        yield plain, _test(schema)
    if kind is not None and spot is not None:
        yield kind[0], _typed_test(spot)
    for one in demands(path):
        yield one, _test(json.dumps(one))


@lru_cache(maxsize=1024)
def _test(schema: str) -> Test:
    """The test of a schema that refers to nothing but the texts."""
    return fitting({"$schema": DRAFT, "definitions": TEXTS, "allOf": [json.loads(schema)]})


@cache
def _typed_test(spot: Spot) -> Test:
    made, definitions = typed(spot) or ({}, {})
    return fitting({"$schema": DRAFT, "definitions": {**TEXTS, **definitions}, "allOf": [made]})


def _used(referred: Collection[str], found: Definitions) -> set[str]:
    """The definitions that are referred to, at once and by each other."""
    names: set[str] = set()
    left = [name for name in referred if name in found]
    while left:
        name = left.pop()
        if name not in names:
            names.add(name)
            left.extend(one for one in _names.get(found[name], _referred) if one in found)
    return names


def _referred(node: Any) -> frozenset[str]:
    """The names of definitions that stand in a schema."""
    names, left = set[str](), [node]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "$ref" in one:
                names.add(str(one["$ref"]).removeprefix(DEFINITIONS))
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return frozenset(names)

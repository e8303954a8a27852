"""The kinds of values that expressions have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svc.records import dataclass, field
from svc.workflows.expression import OPEN


@dataclass(frozen=True, slots=True)
class Kind:
    """`any` is all that nobody knows. An object with `rest` has other properties of that kind; without, no others."""

    name: str
    properties: Mapping[str, Kind] = field(default_factory=dict)
    rest: Kind | None = None


ANY = Kind("any")
TEXT = Kind("string")
NUMBER = Kind("number")
TRUTH = Kind("boolean")
NULL = Kind("null")


def exactly(properties: Mapping[str, Kind]) -> Kind:
    """An object with these properties and no others. Names are case-insensitive."""
    return Kind("object", {key.lower(): value for key, value in properties.items()})


def open_object(rest: Kind = ANY, properties: Mapping[str, Kind] | None = None) -> Kind:
    return Kind("object", {key.lower(): value for key, value in (properties or {}).items()}, rest)


def array(of: Kind = ANY) -> Kind:
    return Kind("array", rest=of)


def merged(kinds: Sequence[Kind]) -> Kind:
    """What one of several values is: of objects every property that one of them has."""
    if not kinds:
        return ANY
    first = kinds[0]
    if all(one == first for one in kinds):
        return first
    if any(one.name != first.name for one in kinds) or first.name not in ("object", "array"):
        return ANY
    if first.name == "array":
        return array(merged([one.rest or ANY for one in kinds]))
    names = {name for one in kinds for name in one.properties}
    found = {name: merged([one.properties[name] for one in kinds if name in one.properties]) for name in sorted(names)}
    return open_object(ANY, found) if any(one.rest for one in kinds) else exactly(found)


def of_data(value: Any) -> Kind:
    """What the data of a file, or of a JSON text, is. A text with an expression may be anything."""
    if isinstance(value, dict):
        dynamic = any(OPEN in str(key) for key in value)
        return ANY if dynamic else exactly({str(key): of_data(item) for key, item in value.items()})
    if isinstance(value, list):
        return array(merged([of_data(one) for one in value]))
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, str):
        return ANY if OPEN in value else TEXT
    return NUMBER if isinstance(value, int | float) else NULL if value is None else ANY

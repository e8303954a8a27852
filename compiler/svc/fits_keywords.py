"""What single keywords of JSON Schemas refuse: from a keyword's value to tests of data, by the type of what is tested."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol

Test = Callable[[Any], bool]
Table = dict[type, Test | None]
Made = Iterable[tuple[type, Test]]
ALL = (dict, list, str, int, float, bool, type(None))
_NUMBERS = (int, float)


class Undecided(Exception):
    """The schema says something that is not known here, or the value is no plain data."""


class Tables(Protocol):
    """The tables of a schema and its parts."""

    def table(self, schema: Any) -> Table: ...

    def reference(self, reference: str) -> Table: ...

    def resolved(self, reference: str) -> Any: ...


def fits(table: Table, value: Any) -> bool:
    test = table.get(type(value), undecided)
    return test is None or test(value)


def every(tables: Sequence[Table]) -> Test:
    def test(value: Any) -> bool:
        kind = type(value)
        for table in tables:
            one = table.get(kind, undecided)
            if one is not None and not one(value):
                return False
        return True

    return test


def _each(table: Table) -> Test:
    """Of all items of a list, or all keys of a mapping."""

    def test(value: Any) -> bool:
        for item in value:
            one = table.get(type(item), undecided)
            if one is not None and not one(item):
                return False
        return True

    return test


def undecided(_: Any) -> bool:
    raise Undecided


def never(_: Any) -> bool:
    return False


def unknown(_: Tables, __: Any, ___: Mapping[str, Any]) -> Made:
    """Of a keyword that is not known nothing is decided, whatever the data."""
    return [(one, undecided) for one in ALL]


def _whole(test: Test) -> Made:
    return [(one, test) for one in ALL]


def _enum(_: Tables, allowed: list[Any], __: Mapping[str, Any]) -> Made:
    kinds = {type(item) for item in allowed}
    for one in ALL:
        if (
            (one in (dict, list) and one in kinds)
            or (one in _NUMBERS and float in kinds)
            or (one is float and int in kinds)
        ):
            yield one, undecided
        elif one in (dict, list):
            yield one, never
        else:
            yield one, frozenset(item for item in allowed if type(item) is one).__contains__


def _const(builder: Tables, wanted: Any, schema: Mapping[str, Any]) -> Made:
    return _enum(builder, [wanted], schema)


def _reference(builder: Tables, reference: str, _: Mapping[str, Any]) -> Made:
    table = builder.reference(reference)
    return _whole(lambda value: fits(table, value))


def _all_of(builder: Tables, schemas: list[Any], _: Mapping[str, Any]) -> Made:
    return _whole(every(tuple([builder.table(one) for one in schemas])))


def _any_of(builder: Tables, schemas: list[Any], _: Mapping[str, Any]) -> Made:
    tables = tuple([builder.table(one) for one in schemas])

    def test(value: Any) -> bool:
        kind = type(value)
        for table in tables:
            one = table.get(kind, undecided)
            if one is None or one(value):
                return True
        return False

    return _whole(test)


def _one_of(builder: Tables, schemas: list[Any], _: Mapping[str, Any]) -> Made:
    tables = tuple([builder.table(one) for one in schemas])

    def test(value: Any) -> bool:
        kind, fitted = type(value), 0
        for table in tables:
            one = table.get(kind, undecided)
            if one is None or one(value):
                fitted += 1
        return fitted == 1

    return _whole(test)


def _not(builder: Tables, schema: Any, _: Mapping[str, Any]) -> Made:
    table = builder.table(schema)
    return _whole(lambda value: not fits(table, value))


def _if(builder: Tables, schema: Any, whole: Mapping[str, Any]) -> Made:
    asked, then, otherwise = (builder.table(one) for one in (schema, whole.get("then", True), whole.get("else", True)))
    return _whole(lambda value: fits(then if fits(asked, value) else otherwise, value))


def _nothing(_: Tables, __: Any, ___: Mapping[str, Any]) -> Made:
    """Said where `if` is."""
    return ()


def _contains(builder: Tables, schema: Any, whole: Mapping[str, Any]) -> Made:
    if whole.keys() & {"minContains", "maxContains"}:
        return [(list, undecided)]
    table = builder.table(schema)
    return [(list, lambda value: any(fits(table, item) for item in value))]


def _items(builder: Tables, schema: Any, whole: Mapping[str, Any]) -> Made:
    if isinstance(schema, list) or "prefixItems" in whole:
        return [(list, undecided)]
    return [(list, _each(builder.table(schema)))]


def _unique(_: Tables, wanted: bool, __: Mapping[str, Any]) -> Made:
    def test(value: list[Any]) -> bool:
        if all(type(item) is str for item in value):
            return len(set(value)) == len(value)
        if any(one == other for one, other in combinations(value, 2)):
            raise Undecided  # True is 1 for Python
        return True

    return [(list, test)] if wanted else []


def _pattern(_: Tables, pattern: str, __: Mapping[str, Any]) -> Made:
    search = re.compile(pattern).search
    return [(str, lambda value: search(value) is not None)]


def _property_names(builder: Tables, schema: Any, _: Mapping[str, Any]) -> Made:
    return [(dict, _each(builder.table(schema)))]


def _dependencies(_: Tables, wanted: Mapping[str, Any], __: Mapping[str, Any]) -> Made:
    if not all(isinstance(others, list) for others in wanted.values()):
        return [(dict, undecided)]
    pairs = [(key, other) for key, others in wanted.items() for other in others]
    return [(dict, lambda value: all(key not in value or other in value for key, other in pairs))]


def _unevaluated(builder: Tables, wanted: Any, schema: Mapping[str, Any]) -> Made:
    """Of `false`, beside `allOf` of parts that have `properties` only: then every key has to be known to a part."""
    known: set[str] = set()
    patterns: list[str] = []
    parts = [schema]
    for part in parts:
        if wanted is not False or not isinstance(part, dict) or part.keys() & _CONDITIONAL:
            return [(dict, undecided)]
        known.update(part.get("properties", {}))
        patterns += part.get("patternProperties", {})
        parts += part.get("allOf", ())
        parts += [builder.resolved(part["$ref"])] if "$ref" in part else []
    searches = [re.compile(one).search for one in patterns]
    return [(dict, lambda value: all(key in known or any(search(key) for search in searches) for key in value))]


_CONDITIONAL = frozenset(
    ["anyOf", "oneOf", "if", "not", "additionalProperties", "dependentSchemas", "dependencies", "$dynamicRef"]
)
"""Keywords that may make a key known, or not, by the value."""


def _size(types: tuple[type, ...], test: Callable[[int, Any], bool]) -> Callable[..., Made]:
    def made(_: Tables, limit: Any, __: Mapping[str, Any]) -> Made:
        return [(one, lambda value: test(len(value), limit)) for one in types]

    return made


def _bound(test: Callable[[Any, Any], bool]) -> Callable[..., Made]:
    def made(_: Tables, limit: Any, __: Mapping[str, Any]) -> Made:
        if isinstance(limit, bool):  # of draft 4
            return [(one, undecided) for one in _NUMBERS]
        return [(one, lambda value: test(value, limit)) for one in _NUMBERS]

    return made


KEYWORDS: Mapping[str, Callable[[Tables, Any, Mapping[str, Any]], Made]] = {
    "$ref": _reference,
    "enum": _enum,
    "const": _const,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "then": _nothing,
    "else": _nothing,
    "contains": _contains,
    "items": _items,
    "uniqueItems": _unique,
    "minItems": _size((list,), lambda size, limit: size >= limit),
    "maxItems": _size((list,), lambda size, limit: size <= limit),
    "minLength": _size((str,), lambda size, limit: size >= limit),
    "maxLength": _size((str,), lambda size, limit: size <= limit),
    "minProperties": _size((dict,), lambda size, limit: size >= limit),
    "maxProperties": _size((dict,), lambda size, limit: size <= limit),
    "pattern": _pattern,
    "minimum": _bound(lambda value, limit: value >= limit),
    "maximum": _bound(lambda value, limit: value <= limit),
    "exclusiveMinimum": _bound(lambda value, limit: value > limit),
    "exclusiveMaximum": _bound(lambda value, limit: value < limit),
    "propertyNames": _property_names,
    "dependencies": _dependencies,
    "unevaluatedProperties": _unevaluated,
}

"""Does data fit a JSON Schema? A quick yes, from tests that are built once per schema; no words, no routes.

A schema becomes a table: type of the value -> test of such a value, None where every such value fits. What a test says
yes to, `jsonschema` has nothing against; after a no, or a keyword that is not known here, it is asked for the words.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

Test = Callable[[Any], bool]
Table = dict[type, Test | None]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_ALL = (dict, list, str, int, float, bool, type(None))
_NUMBERS = (int, float)
_SILENT = frozenset(
    [
        "$schema",
        "$id",
        "$comment",
        "$defs",
        "definitions",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "format",
        "type",
    ]
)
"""Keywords that refuse nothing, and `type`, which makes the table."""


_SEEN = 4096
"""Values that are remembered."""
_PLAIN = 2
"""The version of marshal that writes values alone, not which of them are one object."""


class Undecided(Exception):
    """The schema says something that is not known here, or the value is no plain data."""


def fitting(schema: Mapping[str, Any], alike: Iterable[str] = ()) -> Test:
    """A test of values: True only when `jsonschema`, without a format checker, would accept them.

    `alike`: references to parts of the schema whose values are often the same; each is tested once.
    """
    table = _Builder(schema, frozenset(alike)).table(schema)

    def test(value: Any) -> bool:
        try:
            return _fits(table, value)
        except Undecided:
            return False

    return test


def _fits(table: Table, value: Any) -> bool:
    test = table.get(type(value), _undecided)
    return test is None or test(value)


def _undecided(_: Any) -> bool:
    raise Undecided


def _once(test: Test) -> Test:
    """The same answer, for what was found to fit, from the bytes that stand for the value and its types exactly."""
    seen: set[bytes] = set()

    def fits(value: Any) -> bool:
        try:
            key = marshal.dumps(value, _PLAIN)
        except ValueError:  # no plain data
            return test(value)
        if key in seen:
            return True
        if not test(value):
            return False
        if len(seen) >= _SEEN:
            seen.clear()
        seen.add(key)
        return True

    return fits


def _never(_: Any) -> bool:
    return False


class _Builder:
    def __init__(self, root: Mapping[str, Any], alike: frozenset[str] = frozenset()) -> None:
        self.root = root
        self.alike = alike
        self.references: dict[str, Table] = {}
        self.alone = "2020-12" not in str(root.get("$schema"))
        """Until draft 7, nothing counts beside a `$ref`."""

    def table(self, schema: Any) -> Table:
        if isinstance(schema, bool):
            return dict.fromkeys(_ALL, None if schema else _never)
        if "$ref" in schema and (self.alone or len(schema) == 1):
            return self.reference(schema["$ref"])
        tests: dict[type, list[Test]] = {one: [] for one in _ALL}
        for one in _ALL:
            tests[one] += _type_tests(schema, one)
        for keyword in schema.keys() - _SILENT - _OBJECT:
            for one, test in _KEYWORDS.get(keyword, _unknown)(self, schema[keyword], schema):
                tests[one].append(test)
        if schema.keys() & _OBJECT:
            tests[dict].append(self.mapping(schema))
        return {one: _every(found) for one, found in tests.items()}

    def reference(self, reference: str) -> Table:
        """The table of a part of the schema, filled at its first use: parts refer to each other."""
        known = self.references.get(reference)
        if known is not None:
            return known
        made: Table = {}

        def first(value: Any) -> bool:
            if made[type(value)] is first:
                made.update(self.table(self.resolved(reference)))
                if reference in self.alike:
                    made.update({one: _once(test) for one in (dict, list) if (test := made[one]) is not None})
            return _fits(made, value)

        made.update(dict.fromkeys(_ALL, first))
        self.references[reference] = made
        return made

    def resolved(self, reference: str) -> Any:
        if not reference.startswith("#/") or "~" in reference or "%" in reference:
            raise Undecided
        node: Any = self.root
        for part in reference[2:].split("/"):
            if not isinstance(node, dict) or part not in node:
                raise Undecided
            node = node[part]
        return node

    def mapping(self, schema: Mapping[str, Any]) -> Test:
        required = tuple(schema.get("required", ()))
        known = {key: self.table(one) for key, one in schema.get("properties", {}).items()}
        patterns = [
            (re.compile(key).search, self.table(one)) for key, one in schema.get("patternProperties", {}).items()
        ]
        rest = self.table(schema.get("additionalProperties", True))

        def plain(value: dict[Any, Any]) -> bool:
            for key in required:
                if key not in value:
                    return False
            for key, item in value.items():
                test = known.get(key, rest).get(type(item), _undecided)
                if test is not None and not test(item):
                    return False
            return True

        def patterned(value: dict[Any, Any]) -> bool:
            if not all(key in value for key in required):
                return False
            for key, item in value.items():
                tables = [table for search, table in patterns if search(key)]
                tables += [known[key]] if key in known else []
                if not all(_fits(table, item) for table in tables or (rest,)):
                    return False
            return True

        return patterned if patterns else plain


_OBJECT = frozenset({"required", "properties", "patternProperties", "additionalProperties"})
Made = Iterable[tuple[type, Test]]


def _every(tests: list[Test]) -> Test | None:
    if not tests:
        return None
    return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)


def _type_tests(schema: Mapping[str, Any], one: type) -> list[Test]:
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted
    if names is None:
        return []
    if any(name not in _TYPES for name in names):
        return [_undecided]
    if one is float and "integer" in names and "number" not in names:
        return [float.is_integer]
    return [] if any(one in _TYPES[name] for name in names) else [_never]


def _unknown(_: _Builder, __: Any, ___: Mapping[str, Any]) -> Made:
    return [(one, _undecided) for one in _ALL]


def _whole(test: Test) -> Made:
    return [(one, test) for one in _ALL]


# --- keywords ------------------------------------------------------------------------------------------------------


def _enum(_: _Builder, allowed: list[Any], __: Mapping[str, Any]) -> Made:
    kinds = {type(item) for item in allowed}
    for one in _ALL:
        if (
            (one in (dict, list) and one in kinds)
            or (one in _NUMBERS and float in kinds)
            or (one is float and int in kinds)
        ):
            yield one, _undecided
        elif one in (dict, list):
            yield one, _never
        else:
            yield one, frozenset(item for item in allowed if type(item) is one).__contains__


def _const(builder: _Builder, wanted: Any, schema: Mapping[str, Any]) -> Made:
    return _enum(builder, [wanted], schema)


def _reference(builder: _Builder, reference: str, _: Mapping[str, Any]) -> Made:
    table = builder.reference(reference)
    return _whole(lambda value: _fits(table, value))


def _all_of(builder: _Builder, schemas: list[Any], _: Mapping[str, Any]) -> Made:
    tables = [builder.table(one) for one in schemas]
    return _whole(lambda value: all(_fits(table, value) for table in tables))


def _any_of(builder: _Builder, schemas: list[Any], _: Mapping[str, Any]) -> Made:
    tables = [builder.table(one) for one in schemas]
    return _whole(lambda value: any(_fits(table, value) for table in tables))


def _one_of(builder: _Builder, schemas: list[Any], _: Mapping[str, Any]) -> Made:
    tables = [builder.table(one) for one in schemas]
    return _whole(lambda value: sum(_fits(table, value) for table in tables) == 1)


def _not(builder: _Builder, schema: Any, _: Mapping[str, Any]) -> Made:
    table = builder.table(schema)
    return _whole(lambda value: not _fits(table, value))


def _if(builder: _Builder, schema: Any, whole: Mapping[str, Any]) -> Made:
    asked, then, otherwise = (builder.table(one) for one in (schema, whole.get("then", True), whole.get("else", True)))
    return _whole(lambda value: _fits(then if _fits(asked, value) else otherwise, value))


def _nothing(_: _Builder, __: Any, ___: Mapping[str, Any]) -> Made:
    """Said where `if` is."""
    return ()


def _contains(builder: _Builder, schema: Any, whole: Mapping[str, Any]) -> Made:
    if whole.keys() & {"minContains", "maxContains"}:
        return [(list, _undecided)]
    table = builder.table(schema)
    return [(list, lambda value: any(_fits(table, item) for item in value))]


def _items(builder: _Builder, schema: Any, whole: Mapping[str, Any]) -> Made:
    if isinstance(schema, list) or "prefixItems" in whole:
        return [(list, _undecided)]
    table = builder.table(schema)
    return [(list, lambda value: all(_fits(table, item) for item in value))]


def _unique(_: _Builder, wanted: bool, __: Mapping[str, Any]) -> Made:
    def test(value: list[Any]) -> bool:
        if all(type(item) is str for item in value):
            return len(set(value)) == len(value)
        if any(one == other for one, other in combinations(value, 2)):
            raise Undecided  # True is 1 for Python
        return True

    return [(list, test)] if wanted else []


def _pattern(_: _Builder, pattern: str, __: Mapping[str, Any]) -> Made:
    search = re.compile(pattern).search
    return [(str, lambda value: search(value) is not None)]


def _property_names(builder: _Builder, schema: Any, _: Mapping[str, Any]) -> Made:
    table = builder.table(schema)
    return [(dict, lambda value: all(_fits(table, key) for key in value))]


def _dependencies(_: _Builder, wanted: Mapping[str, Any], __: Mapping[str, Any]) -> Made:
    if not all(isinstance(others, list) for others in wanted.values()):
        return [(dict, _undecided)]
    pairs = [(key, other) for key, others in wanted.items() for other in others]
    return [(dict, lambda value: all(key not in value or other in value for key, other in pairs))]


def _unevaluated(builder: _Builder, wanted: Any, schema: Mapping[str, Any]) -> Made:
    """Of `false`, beside `allOf` of parts that have `properties` only: then every key has to be known to a part."""
    known: set[str] = set()
    patterns: list[str] = []
    parts = [schema]
    for part in parts:
        if wanted is not False or not isinstance(part, dict) or part.keys() & _CONDITIONAL:
            return [(dict, _undecided)]
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
    def made(_: _Builder, limit: Any, __: Mapping[str, Any]) -> Made:
        return [(one, lambda value: test(len(value), limit)) for one in types]

    return made


def _bound(test: Callable[[Any, Any], bool]) -> Callable[..., Made]:
    def made(_: _Builder, limit: Any, __: Mapping[str, Any]) -> Made:
        if isinstance(limit, bool):  # of draft 4
            return [(one, _undecided) for one in _NUMBERS]
        return [(one, lambda value: test(value, limit)) for one in _NUMBERS]

    return made


_KEYWORDS: Mapping[str, Callable[[_Builder, Any, Mapping[str, Any]], Made]] = {
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


__all__ = ["Undecided", "fitting"]

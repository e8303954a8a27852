"""Does data fit a JSON Schema? A quick yes, from tests that are built once per schema; no words, no routes.

A schema becomes a table: type of the value -> test of such a value, None where every such value fits. What a test says
yes to, `jsonschema` has nothing against; after a no, or a keyword that is not known here, it is asked for the words.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable, Mapping
from typing import Any

from svc.fits_keywords import ALL, KEYWORDS, Table, Test, Undecided, fits, never, undecided, unknown

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
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


def fitting(schema: Mapping[str, Any], alike: Iterable[str] = ()) -> Test:
    """A test of values: True only when `jsonschema`, without a format checker, would accept them.

    `alike`: references to parts of the schema whose values are often the same; each is tested once.
    """
    table = _Builder(schema, frozenset(alike)).table(schema)

    def test(value: Any) -> bool:
        try:
            return fits(table, value)
        except Undecided:
            return False

    return test


def _once(test: Test) -> Test:
    """The same answer, for what was found to fit, from the bytes that stand for the value and its types exactly."""
    seen: set[bytes] = set()

    def again(value: Any) -> bool:
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

    return again


class _Builder:
    def __init__(self, root: Mapping[str, Any], alike: frozenset[str] = frozenset()) -> None:
        self.root = root
        self.alike = alike
        self.references: dict[str, Table] = {}
        self.alone = "2020-12" not in str(root.get("$schema"))
        """Until draft 7, nothing counts beside a `$ref`."""

    def table(self, schema: Any) -> Table:
        if isinstance(schema, bool):
            return dict.fromkeys(ALL, None if schema else never)
        if "$ref" in schema and (self.alone or len(schema) == 1):
            return self.reference(schema["$ref"])
        tests: dict[type, list[Test]] = {one: [] for one in ALL}
        for one in ALL:
            tests[one] += _type_tests(schema, one)
        for keyword in schema.keys() - _SILENT - _OBJECT:
            for one, test in KEYWORDS.get(keyword, unknown)(self, schema[keyword], schema):
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
            return fits(made, value)

        made.update(dict.fromkeys(ALL, first))
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
                test = known.get(key, rest).get(type(item), undecided)
                if test is not None and not test(item):
                    return False
            return True

        def patterned(value: dict[Any, Any]) -> bool:
            for key in required:
                if key not in value:
                    return False
            for key, item in value.items():
                tables = [table for search, table in patterns if search(key)]
                tables += [known[key]] if key in known else []
                for table in tables or (rest,):
                    test = table.get(type(item), undecided)
                    if test is not None and not test(item):
                        return False
            return True

        return patterned if patterns else plain


_OBJECT = frozenset({"required", "properties", "patternProperties", "additionalProperties"})


def _every(tests: list[Test]) -> Test | None:
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]

    def every(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 - a generator is a call for each of them
            if not test(value):
                return False
        return True

    return every


def _type_tests(schema: Mapping[str, Any], one: type) -> list[Test]:
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted
    if names is None:
        return []
    if any(name not in _TYPES for name in names):
        return [undecided]
    if one is float and "integer" in names and "number" not in names:
        return [float.is_integer]
    return [] if any(one in _TYPES[name] for name in names) else [never]


__all__ = ["Test", "Undecided", "fitting"]

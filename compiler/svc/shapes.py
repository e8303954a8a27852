"""Where data does not fit a published JSON Schema, said for people: the nearest key, the allowed values.

Without a validator: a lint must start at once. Of several forms (`oneOf`, `anyOf`) the one that fits best is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.records import dataclass, field
from svc.suggest import close, instead, nearest

Schema = Mapping[str, Any]
_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
_SCALARS = frozenset({str, bool, int, float})
_AT_ONCE: Mapping[str, tuple[type, ...]] = {
    "string": (str, bool, int, float),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
"""The scalars that `_fits` takes for each type."""
_IN_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "empty",
    "expression": "an expression",
}
_QUOTED = {"boolean": regex("true|false"), "integer": regex("-?[0-9]+"), "number": regex(r"-?[0-9]+(?:\.[0-9]+)?")}
"""Texts that would be of a type without their quotes."""
_OPENED = "\\$\\{\\{"
"""What the pattern of a text has that must hold an expression."""
_LISTED = 12
"""So many keys can be read in one line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema, the first word of the ids of its problems, and which texts are filled in later, and fit everything.

    `loose`: keys below which one text may stand for a list of one. With `empty`, nothing fits everything. With `exact`,
    numbers and truths are no texts.
    """

    schema: Schema
    prefix: str
    filled_in: Callable[[str], bool]
    loose: tuple[str, ...] = ()
    empty: bool = False
    exact: bool = False
    _known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What references mean."""
    _at_once: dict[int, tuple[Any, frozenset[type]]] = field(default_factory=dict, compare=False, repr=False)
    """By the identity of a part of the schema."""

    def problems(self, data: Any) -> Iterator[Problem]:
        yield from self._node(self.schema, data, ())

    def part(self, reference: str, data: Any, route: Route) -> Iterator[Problem]:
        """What one definition of the schema says of the data at a route."""
        yield from self._node({"$ref": reference}, data, route)

    def _node(self, schema: Any, value: Any, route: Route) -> Iterator[Problem]:
        if not isinstance(schema, dict) or (isinstance(value, str) and self.filled_in(value)):
            return
        if value is None and self.empty:
            return
        if "$ref" in schema:
            yield from self._node(self._resolved(schema["$ref"]), value, route)
        for word in ("oneOf", "anyOf"):
            if isinstance(schema.get(word), list):
                yield from self._choice(schema[word], value, route)
        schema = self._flat(schema)
        types = schema.get("type")
        listed = [types] if isinstance(types, str) else types or []
        if "array" in listed and len(route) > 1 and route[0] in self.loose and isinstance(value, str | int | float):
            yield from self._node(schema.get("items"), value, route)
            return
        if isinstance(value, str) and _OPENED in str(schema.get("pattern", "")):
            yield self._type(["expression"], value, route)
            return
        if listed and not any(_fits(value, one, self.exact) for one in listed):
            yield self._type(listed, value, route)
            return
        if "enum" in schema and value not in schema["enum"]:
            allowed = sorted(str(one) for one in schema["enum"])
            words = ", ".join(f"`{one}`" for one in allowed)
            message = f"`{value}` is none of {words}{nearest(str(value), allowed)}"
            yield self._problem("value", route, message, instead(str(value), allowed, "write one of them"))
        if isinstance(value, dict):
            yield from self._mapping(schema, value, route)
        elif isinstance(value, list):
            if len(value) < schema.get("minItems", 0):
                yield self._problem("value", route, "the list is empty", "write an entry, or remove the key")
            for index, item in enumerate(value):
                yield from self._node(schema.get("items"), item, (*route, index))

    def _flat(self, schema: Schema) -> Schema:
        """A schema with the keys of those that it is made of (`allOf`)."""
        if "allOf" not in schema:
            return schema
        parts = [self._flat(self._resolved(one["$ref"]) if "$ref" in one else one) for one in schema["allOf"]]
        known = {key: item for part in (*parts, schema) for key, item in (part.get("properties") or {}).items()}
        patterns = {
            key: item for part in (*parts, schema) for key, item in (part.get("patternProperties") or {}).items()
        }
        rest = schema.get("unevaluatedProperties", schema.get("additionalProperties"))
        types = next((one["type"] for one in (schema, *parts) if "type" in one), None)
        flat = {**schema, "properties": known, "patternProperties": patterns, "additionalProperties": rest}
        return flat if types is None else {**flat, "type": types}

    def _mapping(self, schema: Schema, value: dict[str, Any], route: Route) -> Iterator[Problem]:
        known, patterns = schema.get("properties") or {}, schema.get("patternProperties") or {}
        rest = schema.get("additionalProperties")
        for key, item in value.items():
            fitting = [one for pattern, one in patterns.items() if re.search(pattern, str(key))] if patterns else ()
            if key in known:
                if type(item) not in self._fitting(known[key]):
                    yield from self._node(known[key], item, (*route, key))
            elif fitting:
                yield from self._node(fitting[0], item, (*route, key))
            elif isinstance(rest, dict):
                if type(item) not in self._fitting(rest):
                    yield from self._node(rest, item, (*route, key))
            elif rest is False and not self.filled_in(str(key)):
                yield self._unknown(str(key), known, route)
        for key in schema.get("required") or ():
            if key not in value:
                help_ = self._example(key, known.get(key))
                yield self._problem("key-missing", route, f"{_where(route)} has no `{key}`", help_)
        for key, others in (schema.get("dependencies") or {}).items():
            for other in others if isinstance(others, list) and key in value else ():
                if other not in value and not self._undecided(schema, value):
                    message, help_ = f"`{key}` stands without `{other}`", f"remove it, or write `{other}`"
                    yield Problem(f"{self.prefix}-key-alone", (*route, key), message, help_, "key")

    def _fitting(self, schema: Any) -> frozenset[type]:
        """The types of scalars that all fit: most values are such, and cost a look-up."""
        found = self._at_once.get(id(schema))
        if found is None:
            found = self._at_once[id(schema)] = (schema, self._scalars(schema))
        return found[1]

    def _scalars(self, schema: Any) -> frozenset[type]:
        if not isinstance(schema, dict):
            return _SCALARS
        types = schema.get("type")
        listed = [types] if isinstance(types, str) else types or []
        choice = any(isinstance(schema.get(word), list) for word in ("oneOf", "anyOf"))
        if choice or "enum" in schema or "array" in listed or _OPENED in str(schema.get("pattern", "")):
            return frozenset()
        wanted = [one for one in listed if one in _KINDS]
        if len(wanted) < len(listed):
            return frozenset()
        taken = {**_AT_ONCE, "string": (str,)} if self.exact else _AT_ONCE
        made = frozenset(kind for one in wanted for kind in taken.get(one, ())) if listed else _SCALARS
        return made & self._scalars(self._resolved(schema["$ref"])) if "$ref" in schema else made

    def _choice(self, choices: list[Any], value: Any, route: Route) -> Iterator[Problem]:
        """Nothing when one fits; else what the best of them says: of the right type, at the deepest place."""
        answers = []
        for one in choices:
            answer = list(self._node(one, value, route))
            if not answer:
                return
            answers.append(answer)
        lacking = [self._lacking(one, value) for one in choices]
        if all(lacking) and len(set(lacking)) > 1:
            words = " or ".join(dict.fromkeys(f"`{key}`" for key in lacking))
            neither = f"{_where(route)} has neither {words.replace(' or ', ' nor ')}"
            yield self._problem("key-missing", route, neither, f"write {words}")
            return
        typed = [one for one in answers if not any(self._is_type(problem, route) for problem in one)]
        if typed:
            yield from min(typed, key=lambda one: (_weight(one, route), len(one)))
            return
        wanted = sorted({one for choice in choices for one in self._types(choice)})
        yield self._type(wanted, value, route)

    def _lacking(self, choice: Any, value: Any) -> str:
        """The one key that a form asks for and that is not there."""
        while isinstance(choice, dict) and "$ref" in choice:
            choice = self._resolved(choice["$ref"])
        wanted = choice.get("required") or () if isinstance(choice, dict) else ()
        missing = [str(key) for key in wanted if isinstance(value, dict) and key not in value]
        return missing[0] if len(wanted) == len(missing) == 1 else ""

    def _undecided(self, schema: Schema, value: Any) -> bool:
        """Whether a mapping has not the key of any of its forms: that is said, and says all."""
        return any(
            all(self._lacking(one, value) for one in schema[word]) for word in ("oneOf", "anyOf") if word in schema
        )

    def _example(self, key: str, schema: Any) -> str:
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self._resolved(schema["$ref"])
        allowed = schema.get("enum") if isinstance(schema, dict) else None
        return f"write `{key}`: one of {', '.join(f'`{one}`' for one in allowed)}" if allowed else f"write `{key}`"

    def _types(self, schema: Any) -> list[str]:
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self._resolved(schema["$ref"])
        if not isinstance(schema, dict):
            return []
        types = schema.get("type")
        below = [one for word in ("oneOf", "anyOf") for choice in schema.get(word, ()) for one in self._types(choice)]
        if _OPENED in str(schema.get("pattern", "")):
            return ["expression"]
        return [types] if isinstance(types, str) else list(types or below)

    def _resolved(self, reference: str) -> Any:
        node = self._known.get(reference)
        if node is None:
            node = self.schema
            for part in reference.removeprefix("#/").split("/"):
                node = node.get(part, {})
            self._known[reference] = node
        return node

    def _is_type(self, problem: Problem, route: Route) -> bool:
        return problem.id == f"{self.prefix}-type" and problem.route == route

    def _home(self, key: str, properties: Schema) -> str:
        """The neighbour below which a key belongs, when there is one such."""
        homes = []
        for name, schema in properties.items():
            while isinstance(schema, dict) and "$ref" in schema:
                schema = self._resolved(schema["$ref"])
            if isinstance(schema, dict) and key in (schema.get("properties") or {}):
                homes.append(name)
        return homes[0] if len(homes) == 1 else ""

    def _unknown(self, key: str, properties: Schema, route: Route) -> Problem:
        known = list(properties)
        near = close(key, known)
        listed = ", ".join(f"`{one}`" for one in sorted(known))
        home = "" if near else self._home(key, properties)
        few = f"it knows {listed}" if len(known) <= _LISTED else "remove it, or check its indent"
        few = f"it belongs under `{home}`" if home else few
        message = f"{_where(route)} has no key `{key}`{nearest(key, known)}"
        help_ = f"write `{near}`" if near else few
        return Problem(f"{self.prefix}-key-unknown", (*route, key), message, help_, "key")

    def _type(self, wanted: list[str], value: Any, route: Route) -> Problem:
        had = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"`{_plain(value)}`"
        words = " or ".join(_IN_WORDS.get(one, one) for one in wanted if one != "null" or len(wanted) == 1)
        unquoted = isinstance(value, str) and any(_QUOTED[one].fullmatch(value) for one in wanted if one in _QUOTED)
        quoted = "string" in wanted and isinstance(value, bool | int | float)
        advice = f'put it in quotes: "{_plain(value)}"' if quoted else f"write {words}"
        if unquoted:
            had, advice = f'the text `"{_plain(value)}"`', f"write `{_plain(value)}` without quotes"
        return self._problem("type", route, f"{_where(route)} is {had}, and must be {words}", advice)

    def _problem(self, what: str, route: Route, message: str, help_: str = "") -> Problem:
        return Problem(f"{self.prefix}-{what}", route, message, help_)


def _weight(problems: list[Problem], route: Route) -> int:
    """How little a form seems meant: unknown and missing keys of its own count most."""
    return sum(2 if len(one.route) <= len(route) + 1 and "key" in one.id else 1 for one in problems)


def _fits(value: Any, wanted: str, exact: bool) -> bool:
    """Scalars fit texts where readers convert them."""
    if wanted == "string" and not exact and isinstance(value, bool | int | float):
        return True
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, _KINDS.get(wanted, (object,)))


def _where(route: Route) -> str:
    if not route:
        return "the file"
    if isinstance(route[-1], int):
        return f"an entry of `{next((one for one in reversed(route) if isinstance(one, str)), '')}`"
    return f"`{route[-1]}`"


def _plain(value: Any) -> str:
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."

"""Documents of the language for its judges to agree on: valid ones, each changed in one place, and each rule broken."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError

from judges import schemas
from svc.model.schema import schema

FIXTURES = Path(__file__).parents[2] / "fixtures"
Route = tuple[str | int, ...]

HEADS = {
    "service": {"apiVersion": "svc/v1", "name": "shop", "image": "ghcr.io/acme/shop:1.4.2"},
    "workspace": {"apiVersion": "svc/v1"},
}
ODD: tuple[Any, ...] = (
    "", "x", "UPPER", "a b", "-a", "a-", "../up", "/../up", "/a/..", "/abs", "rel/ative", "1", "0", "10Gi", "1h5m", "70%",
    "a" * 15, "a" * 16, "a" * 41, "a" * 64, "A1_", "0440", "a.b", "*.a.b", "x\n", "10.0.0.0/8", "10.0.0.0/33", "fd00::/8",
    "* * * * *", "61 * * * *", "${environment.name}", "acme/shop:1", "acme/shop@sha256:1", "api.x.com:443", "CAP_X", "NET_RAW",
    True, False, -1, 0, 1, 65535, 65536, 30000, 4294967295, 1000001, 1.5, [], {}, [1], ["a"], {"a": 1}, [{}], None,
)  # fmt: skip
LONG: tuple[Any, ...] = (
    "a" * 300, "/" + "a" * 5000, "A" * 300, "a\rb", "a-1." * 80, "-1", "1.5", "010", "1" * 40, 2**70, -(2**70), 1e300, 10**7,
)  # fmt: skip
"""With `ODD`, what something is wrong with under nearly every rule of one key."""
EVERYWHERE = ("", LONG[0], -1, 2**70)
"""Tried at each key, since a rule that the schema lacks asks for no value of its own."""
NAMES = ("BAD KEY", "bogus", "a" * 64, "/a/../b", "-")


def documents() -> dict[str, Any]:
    """By name: `s` and a number for a service, `w` for a workspace."""
    found: dict[str, tuple[str, Any]] = {}
    for kind in HEADS:
        for document in _valid(kind):
            found.setdefault(json.dumps(document), (kind, document))
        for document in _changed(kind):
            found.setdefault(json.dumps(document), (kind, document))
    return {f"{kind[0]}{index}": document for index, (kind, document) in enumerate(found.values())}


def _valid(kind: str) -> Iterator[Any]:
    """Whole fixtures, and every example of a key of the top on its own."""
    paths = [*(FIXTURES / "ok").glob("*.yaml"), *(FIXTURES / "real").glob("*/service.yaml")]
    for path in sorted(paths) if kind == "service" else [FIXTURES / "real" / "svc-workspace.yaml"]:
        yield schemas.read(path)
    yield from _examples(kind)


def _examples(kind: str) -> Iterator[Any]:
    for key, one in schema(kind)["properties"].items():
        if key != "profile":
            yield from ({**HEADS[kind], key: example} for example in one["examples"])


def _changed(kind: str) -> Iterator[Any]:
    """One change a document: every key of every mapping that an example reaches, with a few odd values each."""
    made = schema(kind)
    seen: set[tuple[str, str]] = set()
    turn = 0
    for document in _examples(kind):
        for route, definition, mapping in _mappings(made, made, document, ()):
            for key, one in mapping["properties"].items():
                if (definition, key) in seen or (not route and key in ("defaults", "profiles", "environments")):
                    continue
                seen.add((definition, key))
                turn += 1
                values = [*one["examples"], *ODD[turn % 11 :: 11]]
                yield from (_with(document, (*route, key), value) for value in values)
                yield from _nested(document, (*route, key), one, turn)
            if (definition, "") not in seen:
                seen.add((definition, ""))
                yield from _shaped(document, route, mapping)


def _nested(document: Any, route: Route, one: dict[str, Any], turn: int) -> Iterator[Any]:
    """Odd items and entries of an example."""
    example = one["examples"][0]
    if isinstance(example, list) and example:
        yield from (_with(document, route, [*example, odd]) for odd in ODD[turn % 13 :: 13])
    if isinstance(example, dict) and example:
        first = next(iter(example))
        yield from (_with(document, route, {**example, first: odd}) for odd in ODD[turn % 13 :: 13])
        yield from (_with(document, route, {**example, name: example[first]}) for name in NAMES)


def _shaped(document: Any, route: Route, mapping: dict[str, Any]) -> Iterator[Any]:
    """A key too much, one missing, and any two keys together, by their examples."""
    yield from (_with(document, (*route, name), "x") for name in NAMES)
    here = document
    for part in route:
        here = here[part]
    for key in here:
        yield _with(document, route, {name: value for name, value in here.items() if name != key})
    if route:
        keys = list(mapping["properties"])
        yield from (
            _with(document, route, {one: _example(mapping, one), two: _example(mapping, two)})
            for index, one in enumerate(keys)
            for two in keys[index + 1 :: 3]
        )


def wrong_documents() -> dict[str, Any]:
    """Documents that break each rule of each key that an example reaches, where rules of several keys look on also without
    the other keys."""
    made: dict[str, Any] = {}
    unbroken: list[str] = []
    for kind in HEADS:
        for document, route, key, mapping in _keys(kind):
            values, left = _breaking(kind, key, mapping)
            unbroken += [f"{key}: {rule}" for rule in left]
            for value in [*values, *(one for one in EVERYWHERE if one not in values)]:
                made[f"{kind[0]}x{len(made)}"] = _with(document, (*route, key), value)
                if route and "allOf" in mapping:
                    needed = {name: _example(mapping, name) for name in mapping.get("required", ())}
                    made[f"{kind[0]}x{len(made)}"] = _with(document, route, {**needed, key: value})
    assert unbroken == []
    return made


def _keys(kind: str) -> Iterator[tuple[Any, Route, str, dict[str, Any]]]:
    """Every key of every mapping that an example reaches: the example, the way to the mapping, the key, the mapping's schema."""
    made = schema(kind)
    seen: set[tuple[str, str]] = set()
    for document in _examples(kind):
        for route, definition, mapping in _mappings(made, made, document, ()):
            for key in mapping["properties"]:
                if (definition, key) not in seen and (route or key not in ("defaults", "profiles", "environments")):
                    seen.add((definition, key))
                    yield document, route, key, mapping


def _breaking(kind: str, key: str, mapping: dict[str, Any]) -> tuple[list[Any], list[Route]]:
    """For each rule of a key the value that breaks the fewest others with it; the rules that no value breaks."""
    one = mapping["properties"][key]
    beside = [
        rule["properties"][key]
        for rule in mapping.get("allOf", ())
        if [*rule] == ["properties"] and key in rule["properties"]
    ]
    rules = {"allOf": [one, *beside]}
    whole = schemas.json_schema(kind).evolve(schema=rules)
    best: dict[Route, tuple[int, Any]] = {}
    for value in _candidates(one["examples"][0]):
        broken = {tuple(leaf.absolute_schema_path) for error in whole.iter_errors(value) for leaf in _leaves(error)}
        for rule in broken:
            if len(broken) < best.get(rule, (99,))[0]:
                best[rule] = (len(broken), value)
    found = {json.dumps(value): value for _, value in best.values()}
    return list(found.values()), [rule for rule in _rules(rules, ()) if rule not in best]


def _candidates(example: Any) -> Iterator[Any]:
    """Odd values, alone and in the place of an item or a key of an example."""
    yield from (*ODD, *LONG)
    if isinstance(example, list):
        yield from ([value] for value in (*ODD, *LONG))
    if isinstance(example, dict) and example:
        inner = next(iter(example.values()))
        yield from ({value: inner} for value in (*ODD, *LONG) if isinstance(value, str))


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for one in error.context or ():
        yield from _leaves(one)


def _rules(node: Any, route: Route) -> Iterator[Route]:
    """What is said of a value of a key itself, of its items and of its keys."""
    if isinstance(node, list):
        for index, one in enumerate(node):
            yield from _rules(one, (*route, index))
    for word, one in node.items() if isinstance(node, dict) else ():
        if word in (
            "pattern",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "enum",
            "const",
            "minItems",
            "minProperties",
            "not",
        ):
            yield (*route, word)
        elif word in ("anyOf", "allOf", "items", "propertyNames"):
            yield from _rules(one, (*route, word))


def _example(mapping: dict[str, Any], key: str) -> Any:
    return mapping["properties"][key]["examples"][0]


def _mappings(made: Any, node: Any, value: Any, route: Route) -> Iterator[tuple[Route, str, dict[str, Any]]]:
    """Every mapping of the language in a value: its route, its definition's name, its schema."""
    name = ""
    while "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        node = made["$defs"][name]
    options = node.get("anyOf", [node]) if "properties" not in node else [node]
    for one in options:
        if "$ref" in one:
            yield from _mappings(made, one, value, route)
        elif isinstance(value, dict) and one.get("type") in ("object", ["object", "null"]):
            if "properties" in one:
                yield route, name, one
            for key, item in value.items():
                inner = one.get("properties", {}).get(key, one.get("additionalProperties"))
                if isinstance(inner, dict):
                    yield from _mappings(made, inner, item, (*route, key))
        elif isinstance(value, list) and "items" in one:
            for index, item in enumerate(value):
                yield from _mappings(made, one["items"], item, (*route, index))


def _with(document: Any, route: Route, value: Any) -> Any:
    made = copy.deepcopy(document)
    if not route:
        return value
    here = made
    for part in route[:-1]:
        here = here[part]
    here[route[-1]] = value
    return made

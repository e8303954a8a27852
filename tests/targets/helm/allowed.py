"""Everything that a values.schema.json allows, as changes of single values: the schema and the chart's own values say what to try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str, ...]

TEXTS = (
    "",
    "latest",
    "Other_Name",
    "other",
    "a.b",
    "-a",
    "a" * 64,
    "a" * 300,
    "0",
    "100%",
    "50%",
    "on",
    "a: b # c",
    "{{ .Values.x }}",
    '"\n- x',
    "9Gi",
    "5m",
    "*/5 * * * *",
    "@every 1m",
    "Europe/Berlin",
    "https://a.example.com/x",
    "pre-install",
    "ftp.example.com",
    "sha256:" + "a" * 64,
)
"""Texts of the forms that values have, and what people get wrong about them."""
NUMBERS = (0, 1, -1, 2, 101, 65536, 10**6, 2**31, 2**63, 1.5)
KEYS = ("x", "Not_A/Key/", "a" * 64, "example.com/x")
DEEP = 4
"""Levels of objects and lists within a value that are changed one by one."""


def changes(schema: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Every value path with what may stand there instead, allowed or not. None removes it."""
    yield from _object(schema, schema, values, ())


def nested(path: Path, value: Any) -> dict[str, Any]:
    made: Any = value
    for part in reversed(path):
        made = {part: made}
    return dict(made)


def _object(root: Mapping[str, Any], schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    known = schema.get("properties", {})
    alike: set[str] = set()
    for key, inner in known.items():
        own = value.get(key) if isinstance(value, Mapping) else None
        mark = repr((inner, isinstance(own, Mapping)))
        if len(known) > 3 and mark in alike:
            continue
        alike.add(mark)
        at = (*path, key)
        if "properties" in inner:
            yield at, None
            yield at, {}
            yield from _object(root, inner, own, at)
        else:
            yield from ((at, one) for one in candidates(root, inner, own))
    yield (*path, "unknown"), 1


def candidates(root: Mapping[str, Any], schema: Mapping[str, Any], own: Any, depth: int = 0) -> Iterator[Any]:
    """What may be tried instead of a value: of every type, at every bound, more of it and less of it."""
    schema = _resolved(root, schema)
    yield None
    yield from schema.get("enum", ())
    yield from ([schema["const"]] if "const" in schema else ())
    yield from (True, False)
    types = _types(schema)
    if not types or types & {"integer", "number"}:
        bounds = [schema[key] for key in ("minimum", "maximum") if key in schema]
        yield from (*NUMBERS, *bounds, *(one + step for one in bounds for step in (-1, 1)))
    if not types or "string" in types:
        yield from TEXTS
    if depth > DEEP:
        return
    if not types or "array" in types:
        yield from _lists(root, schema, own, depth)
    if not types or "object" in types:
        yield from _mappings(root, schema, own, depth)


def _lists(root: Mapping[str, Any], schema: Mapping[str, Any], own: Any, depth: int) -> Iterator[Any]:
    here = list(own) if isinstance(own, Sequence) and not isinstance(own, str) else []
    yield from ([], [{}], [{"x": 1}], ["a"], [None])
    if here:
        yield from (here[:1], here[1:], [*here, here[0]])
    sample = here[0] if here else None
    for one in candidates(root, schema.get("items", {}), sample, depth + 1):
        yield [one]
        if here:
            yield [*here, one]


def _mappings(root: Mapping[str, Any], schema: Mapping[str, Any], own: Any, depth: int) -> Iterator[Any]:
    here = dict(own) if isinstance(own, Mapping) else {}
    yield from ({}, {"x": 1}, {"x": {"y": []}})
    more = schema.get("additionalProperties", True)
    names = list(dict.fromkeys([*here, *schema.get("properties", {})]))
    for key in _unlike(names, schema):
        inner = schema.get("properties", {}).get(key, more if isinstance(more, Mapping) else {})
        for one in candidates(root, inner, here.get(key), depth + 1):
            yield {**here, key: one}
            if not here:
                yield {**_least(root, schema), key: one}
    for key in KEYS:
        yield {**here, key: "a"}
    for one in candidates(root, more, None, depth + 1) if isinstance(more, Mapping) else ():
        yield {**here, "x": one}


def _unlike(names: Sequence[str], schema: Mapping[str, Any]) -> list[str]:
    """The names, of those with equal schemas the first two."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        mark = repr(schema.get("properties", {}).get(name))
        seen[mark] = seen.get(mark, 0) + 1
        found += [name] if seen[mark] < 3 else []
    return found


def _least(root: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping with all that is required."""
    schema = _resolved(root, schema)
    return {key: _one(root, schema.get("properties", {}).get(key, {})) for key in schema.get("required", ())}


def _one(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    schema = _resolved(root, schema)
    types = _types(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if not types or "string" in types:
        return "a"
    if types & {"integer", "number"}:
        return schema.get("minimum", 1)
    if "array" in types:
        return [_one(root, schema.get("items", {}))]
    return _least(root, schema) if "object" in types else True


def _resolved(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        node: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def _types(schema: Mapping[str, Any]) -> set[str]:
    found = schema.get("type", ())
    return {found} if isinstance(found, str) else set(found)

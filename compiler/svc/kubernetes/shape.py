"""The shape of a hand-written object: keys that the API does not know, and values of the wrong type.

By the same schemas as `schema.py`, without a validator: a lint must start at once. What is missing is not said, for a
patch is a part of an object; nor what only kubectl's YAML 1.1 or a later substitution decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from svc.by_identity import ByIdentity
from svc.diagnostics import Problem, Route
from svc.kubernetes import kinds, kustomize, roles, words
from svc.kubernetes.schema import MINORS, of
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import Manifest
from svc.records import dataclass, replace
from svc.suggest import alike, instead, nearest

Schema = dict[str, Any]
Lacking = tuple[Route, str, bool]

_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off", "y", "n"})
_OF_SOPS = frozenset({"lastmodified", "mac", "version"})
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def check(manifest: Manifest, minor: int) -> Iterator[Problem]:
    """Each at its route, unknown keys anchored at the key. Kinds that are not known are not judged."""
    ours = kustomize.schema(manifest.api_version, manifest.tree.data)
    schema = ours or of(manifest.api_version, manifest.kind, _nearest_minor(minor))
    if schema is not None:
        for one in _node(schema, schema.get("$defs") or {}, _decrypted(manifest.tree.data), ()):
            yield _as_a_path(one, manifest) if schema is ours else one
    yield from kinds.check(manifest, schema is not None)
    yield from words.check(manifest)
    yield from roles.check(manifest)


def _as_a_path(problem: Problem, kustomization: Manifest) -> Problem:
    """Old versions of Kustomize took the name of a file for a patch."""
    value = kustomization.tree.get(*problem.route)
    if len(problem.route) == 2 and problem.route[0] == "patches" and isinstance(value, str):
        return replace(problem, help=f"write `path: {value}`" if "\n" not in value else "write it below `patch: |-`")
    return problem


def _decrypted(data: dict[str, Any]) -> dict[str, Any]:
    """Without what SOPS notes of how it encrypted a file, which is gone before the API gets the object."""
    noted = data.get("sops")
    if isinstance(noted, dict) and not _OF_SOPS.isdisjoint(noted):
        return {key: value for key, value in data.items() if key != "sops"}
    return data


def lacking(manifest: Manifest) -> list[Lacking]:
    """Where keys are missing that the newest API demands, which, and whether others that it demands are there; of kinds
    that Kubernetes itself has."""
    schema = of(manifest.api_version, manifest.kind, MINORS[-1])
    found: list[Lacking] = []
    if schema is not None and str(schema.get("$id", "")).startswith("https://kubernetes.io/"):
        _lacking(schema, schema.get("$defs") or {}, manifest.tree.data, (), found)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """What a part of a schema says of lists and mappings there; None and nothing where it does not."""

    items: Schema | None
    known: Schema
    rest: Schema | None
    demanded: tuple[str, ...]


def _part(schema: Schema, defs: Schema) -> _Part:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    inner = [
        one if isinstance(one, dict) else None for one in (schema.get("items"), schema.get("additionalProperties"))
    ]
    return _Part(inner[0], schema.get("properties") or {}, inner[1], tuple(schema.get("required") or ()))


_parts: ByIdentity[Schema, _Part] = ByIdentity(16_384)


def _lacking(schema: Schema, defs: Schema, value: Any, route: Route, found: list[Lacking]) -> None:
    part = _parts.get(schema, _part, defs)
    if type(value) is list:
        items = part.items
        for index, item in enumerate(value):
            if items is not None and (type(item) is dict or type(item) is list):
                _lacking(items, defs, item, (*route, index), found)
        return
    missing = [key for key in part.demanded if value.get(key) is None]
    if missing:
        strange = [str(key) for key in value if key not in part.known]
        for key in missing:
            if not any(alike(one, key) or sorted(one) == sorted(key) for one in strange):  # which is said for itself
                found.append((route, key, len(missing) < len(part.demanded)))
    for key, item in value.items():
        if type(item) is dict or type(item) is list:
            inner = part.known.get(key, part.rest)
            if isinstance(inner, dict) and (route or key != "status"):
                _lacking(inner, defs, item, (*route, key), found)


def _nearest_minor(minor: int) -> str:
    known = sorted(int(one.removeprefix("1.")) for one in MINORS)
    return f"1.{min(max(minor, known[0]), known[-1])}"


def _node(schema: Schema, defs: Schema, value: Any, route: Route) -> Iterator[Problem]:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        if not any(next(_node(one, defs, value, route), None) is None for one in choices):
            yield _wrong(
                " or ".join(sorted({one for each in choices for one in _named(each)} - {"null"})), value, route
            )
        return
    types = _named(schema)
    if value is None:
        return
    if types and not any(_fits(value, one) for one in types):
        yield _wrong(" or ".join(one for one in types if one != "null"), value, route)
        return
    if isinstance(value, dict):
        yield from _mapping(schema, defs, value, route)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, item in enumerate(value):
            yield from _node(schema["items"], defs, item, (*route, index))
    elif isinstance(value, str) and schema.get("enum") and value not in schema["enum"] and not filled_in_later(value):
        allowed = sorted(str(one) for one in schema["enum"] if one is not None)
        listed = ", ".join(f"`{one}`" for one in allowed)
        message = f"`{value}` is none of {listed}{nearest(value, allowed)}"
        yield Problem("manifest-value", route, message, instead(value, allowed))


_at_once: ByIdentity[Schema, frozenset[type]] = ByIdentity(16_384)
"""The types of scalars that all fit a part of a schema: nearly all values of an object are such, and cost a look-up.
A minor version of the API has 15,000 parts, and one kind 900 at most."""


def _types(schema: Schema, defs: Schema) -> frozenset[type]:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    wanted, choices = schema.get("type"), schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return frozenset().union(*(_types(one, defs) for one in choices))
    if not wanted:
        return frozenset()
    listed = [wanted] if isinstance(wanted, str) else wanted
    made: set[type] = {type(None)}
    made |= {str} if "string" in listed and not schema.get("enum") else set()
    made |= {bool} if "boolean" in listed else set()
    made |= {int} if "integer" in listed or "number" in listed else set()
    return frozenset(made)


def _mapping(schema: Schema, defs: Schema, value: dict[str, Any], route: Route) -> Iterator[Problem]:
    known, rest = schema.get("properties") or {}, schema.get("additionalProperties")
    for key, item in value.items():
        if key in known:
            if type(item) in _at_once.get(known[key], _types, defs):
                continue
            yield from _node(known[key], defs, item, (*route, key))
        elif isinstance(rest, dict):
            if type(item) not in _at_once.get(rest, _types, defs):
                yield from _node(rest, defs, item, (*route, key))
        elif rest is False and not filled_in_later(str(key)):
            yield _unknown(str(key), list(known), route)


def _unknown(key: str, known: list[str], route: Route) -> Problem:
    where = f"`{route[-1]}`" if route and isinstance(route[-1], str) else "this object"
    if route and isinstance(route[-1], int):
        where = f"an entry of `{next((one for one in reversed(route) if isinstance(one, str)), '')}`"
    listed = ", ".join(f"`{one}`" for one in sorted(known))
    help_ = instead(key, known, f"it knows {listed}" if len(known) <= 12 else "remove it, or check its indent")
    message = f"{where} has no key `{key}`{nearest(key, known)}"
    return Problem("manifest-key-unknown", (*route, key), message, help_, "key")


def _fits(value: Any, wanted: str) -> bool:
    if (
        isinstance(value, str)
        and wanted in ("boolean", "integer", "number", "object", "array")
        and filled_in_later(value)
    ):
        return True
    if isinstance(value, str) and wanted == "boolean":
        return value.lower() in _OLD_BOOLEANS
    if isinstance(value, bool):
        return wanted == "boolean"
    if wanted == "integer" and isinstance(value, float):
        return value.is_integer()
    kind = _TYPES.get(wanted)
    return kind is None or isinstance(value, kind)


def _named(schema: Schema) -> list[str]:
    wanted = schema.get("type")
    return [wanted] if isinstance(wanted, str) else list(wanted or ())


def _wrong(wanted: str, value: Any, route: Route) -> Problem:
    plain = f"`{json.dumps(value, ensure_ascii=False, default=str)}`"
    had = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else plain
    shown = had if len(had) <= 60 else f"{had[:57]}..."
    quote = "; quote it" if wanted == "string" and isinstance(value, bool | int | float) else ""
    return Problem("manifest-type", route, f"{shown} is not of type {wanted}{quote}", _instead(wanted, value))


def _instead(wanted: str, value: Any) -> str:
    """What to write."""
    if isinstance(value, str):
        number = re.fullmatch(r"-?\d+", value.strip()) and "integer" in wanted
        if number or (value in ("true", "false") and "boolean" in wanted):
            return f"write it without quotes: {value.strip()}"
    if wanted == "string" and isinstance(value, bool | int | float):
        return f'write "{json.dumps(value)}", with quotes'
    examples = {
        "integer": "a whole number, such as 3",
        "boolean": "true or false",
        "array": "a list: each item after `- `",
    }
    examples |= {"object": "a mapping: keys with their values", "string": "a text"}
    return "write " + " or ".join(examples.get(one, one) for one in wanted.split(" or "))

"""svc, its JSON Schema and its CUE definition say the same of documents: valid ones, and each changed in one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from judges import schemas
from svc.model.cue import cue_definition
from svc.model.schema import schema

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
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
NAMES = ("BAD KEY", "bogus", "a" * 64, "/a/../b", "-")


def _scales(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield node.get("scale")
        for value in node.values():
            yield from _scales(value)


def _backwards(document: Any) -> bool:
    found = [one for one in _scales(document) if isinstance(one, dict)]
    return any(isinstance(one.get("max"), int) and one["max"] < (one.get("min") or 0) for one in found)


ONLY_SVC: dict[str, Callable[[Any], bool]] = {
    "two numbers in order, as min and max of scale": _backwards,
    "the value of a ${reference}, which is known in an environment": lambda one: "${environment." in json.dumps(one),
    "whether a layer and what it is merged over make a whole": lambda one: bool(
        {"environments", "defaults", "profiles"} & set(one)
    ),
    "a day that its month does not have": lambda one: "waivers" in one,
    "bits behind the prefix of a network": lambda one: "/8" in json.dumps(one) or "/33" in json.dumps(one),
}
"""What svc refuses and no schema can say. Nothing is refused by a schema only."""


def test_the_cue_definition_is_fresh() -> None:
    assert (ROOT / "schemas" / "service.cue").read_text("utf-8") == cue_definition()


def test_svc_and_the_json_schema_say_the_same() -> None:
    documents = dict(list(_documents().items())[::3])
    assert len(documents) >= 1000
    differing, refused = [], 0
    for name, document in documents.items():
        kind = "service" if name.startswith("s") else "workspace"
        by_svc = schemas.svc_refuses(document, kind)
        by_schema = not schemas.json_schema(kind).is_valid(document)
        refused += by_svc
        only_svc = by_svc and not by_schema and any(holds(document) for holds in ONLY_SVC.values())
        if by_svc != by_schema and not only_svc:
            differing.append(f"svc={by_svc} json={by_schema}: {json.dumps(document)}")
    assert differing == []
    assert 200 <= refused <= len(documents) - 200


@pytest.mark.tools
@pytest.mark.slow
def test_json_schema_and_cue_say_the_same(tmp_path: Path) -> None:
    documents = dict(list(_documents().items())[::10])
    assert len(documents) >= 400
    refused = schemas.cue_refuses(documents, cue_definition(), tmp_path)
    kinds = {"s": "service", "w": "workspace"}
    by_schema = {name for name, one in documents.items() if not schemas.json_schema(kinds[name[0]]).is_valid(one)}
    assert {name: documents[name] for name in refused ^ by_schema} == {}
    assert 100 <= len(refused) <= len(documents) - 100


HEALTH: tuple[tuple[Any, bool], ...] = (
    ("/healthz", True),
    ({"http": "/healthz", "period": "5s"}, True),
    ({"http": "/healthz", "tcp": None}, True),
    ({"http": "/healthz", "live": {"failures": 5}}, True),
    ({"ready": {"http": "/ready"}, "live": False}, True),
    ({"live": False}, True),
    ({"exec": ["true"], "startup": {"tcp": 5432, "period": "1s"}}, True),
    ({}, False),
    ({"period": "5s"}, False),
    ({"http": "/healthz", "tcp": 5432}, False),
    ({"grpc": "grpc", "exec": ["true"]}, False),
    ({"ready": {"period": "5s"}}, False),
    ({"ready": {"http": "/ready"}, "startup": {"failures": 30}}, False),
    ({"http": "/healthz", "live": {"http": "/live", "grpc": "grpc"}}, False),
)
"""Probes, and whether they are right: exactly one question each, of their own or of the whole."""


def test_the_model_and_the_json_schema_judge_probes_alike() -> None:
    for health, right in HEALTH:
        document = {**HEADS["service"], "ports": {"grpc": 9090}, "health": health}
        assert schemas.svc_refuses(document, "service") is not right, health
        assert schemas.json_schema("service").is_valid(document) is right, health


@pytest.mark.tools
def test_cue_judges_probes_alike(tmp_path: Path) -> None:
    documents = {f"s{index}": {**HEADS["service"], "health": health} for index, (health, _) in enumerate(HEALTH)}
    refused = schemas.cue_refuses(documents, cue_definition(), tmp_path)
    assert refused == {f"s{index}" for index, (_, right) in enumerate(HEALTH) if not right}


def _documents() -> dict[str, Any]:
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

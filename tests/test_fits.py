"""The quick test of data against a schema, beside `jsonschema` as its oracle: never a yes to what that refuses."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from svc import assets
from svc.fits import fitting

WORKFLOW = {
    "on": {
        "push": {"branches": ["main"]},
        "workflow_dispatch": {"inputs": {"a": {"type": "choice", "options": ["x"]}}},
    },
    "permissions": {"contents": "read"},
    "concurrency": {"group": "a", "cancel-in-progress": True},
    "jobs": {
        "test": {
            "runs-on": ["ubuntu-24.04"],
            "timeout-minutes": 5,
            "strategy": {"matrix": {"version": ["1", 2]}},
            "steps": [{"uses": "actions/checkout@v4", "with": {"fetch-depth": 0}}, {"run": "make", "shell": "bash"}],
        },
        "call": {"needs": ["test"], "uses": "./.github/workflows/a.yaml", "secrets": "inherit"},
    },
}
COMPOSE = {
    "name": "a",
    "services": {
        "web": {
            "image": "nginx:1.27",
            "x-note": 1,
            "ports": ["80:80", {"target": 80}],
            "environment": {"A": "1", "B": None},
            "depends_on": {"db": {"condition": "service_healthy"}},
            "healthcheck": {"test": ["CMD", "true"], "interval": "5s"},
            "deploy": {"resources": {"limits": {"memory": "64M"}}},
        },
        "db": {"build": {"context": "."}, "volumes": ["data:/data"], "cap_drop": ["ALL"]},
    },
    "volumes": {"data": {}},
}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "a", "labels": {"a": "b"}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"a": "b"}},
        "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
        "template": {
            "spec": {
                "containers": [
                    {
                        "name": "a",
                        "image": "a:1",
                        "ports": [{"containerPort": 80}],
                        "resources": {"requests": {"cpu": "1", "memory": 1}},
                        "livenessProbe": {"httpGet": {"path": "/", "port": "http"}},
                    }
                ]
            }
        },
    },
}
WHOLE = {
    "github/workflow.json": WORKFLOW,
    "compose/compose-spec.json": COMPOSE,
    "kubernetes/1.37/deployment-apps-v1.json": DEPLOYMENT,
}
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.5, 1.0, 2.0])
    | st.sampled_from(["", "a", "ab", "x-a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "x-a", "c"]), inner, max_size=3)
    ),
    max_leaves=6,
)
SCHEMAS: list[dict[str, Any]] = [
    {"type": "integer"},
    {"type": ["number", "null"], "minimum": 1, "maximum": 2},
    {"exclusiveMinimum": 0, "exclusiveMaximum": 2},
    {"enum": ["a", 1, None, True]},
    {"not": {"enum": [1.0, "a"]}},
    {"enum": [[1], {"a": 1}, False]},
    {"const": 1},
    {"const": {"a": True}},
    {"not": {"const": 0}},
    {"minLength": 1, "maxLength": 1, "minItems": 1, "maxItems": 2, "minProperties": 1, "maxProperties": 2},
    {"pattern": "^a"},
    {"required": ["a"], "properties": {"a": {"type": "string"}}},
    {"properties": {"a": {}}, "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": False},
    {"additionalProperties": {"type": ["array", "boolean"]}},
    {"items": {"type": "string"}, "uniqueItems": True},
    {"uniqueItems": True},
    {"items": [{"type": "string"}]},
    {"propertyNames": {"minLength": 2}},
    {"dependencies": {"a": ["b"]}},
    {"dependencies": {"a": {"required": ["c"]}}},
    {"allOf": [{"required": ["a"]}, {"required": ["b"]}]},
    {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    {"oneOf": [{"type": "number"}, {"type": "integer"}, {"type": "array"}]},
    {"not": {"oneOf": [{"multipleOf": 2}, {"type": "string"}]}},
    {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "integer"}},
    {"contains": {"type": "string"}, "then": False},
    {"$ref": "#/definitions/tree", "definitions": {"tree": {"type": "object", "additionalProperties": {"$ref": "#/definitions/tree"}}}},
    {"$ref": "#/definitions/one", "minLength": 9, "definitions": {"one": {"$ref": "#/definitions/two"}, "two": {"type": "string"}}},
    {"allOf": [{"properties": {"a": {}}}, {"$ref": "#/definitions/b"}], "unevaluatedProperties": False, "definitions": {"b": {"properties": {"b": {}}, "patternProperties": {"^x-": {}}}}},
    {"anyOf": [{"properties": {"a": {"type": "string"}}}, True], "unevaluatedProperties": False},
    {"type": "any"},
]  # fmt: skip
DRAFTS = ("http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema")


def oracle(schema: dict[str, Any], value: Any) -> bool:
    return bool(validator_for(schema)(schema).is_valid(value))


@st.composite
def edited(draw: st.DrawFn, document: Any) -> Any:
    """A document with some of its parts replaced, removed or added to."""
    made = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, 3))):
        node = made
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(node[key], dict | list) or draw(st.integers(0, 4)) == 0:
                break
            node = node[key]
        what = draw(st.sampled_from(["replace", "remove", "add"]))
        if what == "add" and isinstance(node, dict):
            node[draw(st.sampled_from(["a", "x-a", "name", "env", "if"]))] = draw(PLAIN)
        elif what == "add":
            node.append(draw(PLAIN))
        elif key is not None and what == "remove":
            del node[key]
        elif key is not None:
            node[key] = draw(PLAIN)
    return made


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_the_documents_themselves_fit(name: str) -> None:
    schema = json.loads((assets.schemas() / name).read_text(encoding="utf-8"))
    assert fitting(schema)(WHOLE[name])
    assert oracle(schema, WHOLE[name])


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_yes_to_an_edited_document_is_the_oracle_s(name: str) -> None:
    schema = json.loads((assets.schemas() / name).read_text(encoding="utf-8"))
    fits = fitting(schema)

    @given(edited(WHOLE[name]))
    def check(document: Any) -> None:
        assert not fits(document) or oracle(schema, document)

    check()


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_yes_of_every_keyword_is_the_oracle_s(draft: str) -> None:
    """Each value is asked of every schema: to make one takes longer than to ask."""
    whole: list[dict[str, Any]] = [{"$schema": draft, **schema} for schema in SCHEMAS]
    asked = [(schema, fitting(schema)) for schema in whole]

    @settings(max_examples=500)
    @given(PLAIN)
    def check(value: Any) -> None:
        for schema, fits in asked:
            if schema.get("type") == "any":
                assert not fits(value)  # the oracle raises
            else:
                assert not fits(value) or oracle(schema, value), schema

    check()


def test_a_keyword_that_is_not_known_is_left_to_the_oracle() -> None:
    assert not fitting({"multipleOf": 2})(4)
    assert fitting({"properties": {"a": {"multipleOf": 2}}})({"b": 3})
    assert not fitting({"properties": {"a": {"multipleOf": 2}}})({"a": 4})


def test_what_fits_is_said_to_fit() -> None:
    draft = DRAFTS[1]
    parts = {"$schema": draft, "allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}
    assert fitting(parts)({"a": 1})
    assert not fitting(parts)({"b": 1})
    assert fitting({"if": {"required": ["a"]}, "then": {"required": ["b"]}})({"a": 1, "b": 1})
    assert fitting({"enum": ["a", None]})(None)
    assert fitting({"oneOf": [{"type": "string"}, {"type": "integer"}]})(1)
    assert not fitting({"type": "integer"})(True)


class Text(str):
    """No plain data."""


def test_what_was_seen_fits_by_its_types_too() -> None:
    schema = {"$schema": DRAFTS[0], "$ref": "#/definitions/a", "definitions": {"a": {"items": {"type": "integer"}}}}
    plain, remembered = fitting(schema), fitting(schema, ["#/definitions/a"])
    for value in (
        [1],
        [True],
        [1.0],
        [1.5],
        ["1"],
        [1],
        [[1]],
        [True],
        [Text("1")],
        {"a": True},
        {"a": Text()},
        1,
        [1, 2],
    ):
        for _ in range(2):
            assert remembered(value) is plain(value), value

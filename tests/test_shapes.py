"""Data beside a JSON Schema, said for people."""

from __future__ import annotations

from svc.shapes import Shape

SCHEMA = {
    "type": "object",
    "properties": {
        "run": {"type": "string"},
        "shell": {"type": "string"},
        "mode": {"enum": ["fast", "slow"]},
        "deploy": {"type": "object", "properties": {"replicas": {"type": "integer"}}},
    },
    "additionalProperties": False,
    "required": ["mode"],
    "dependencies": {"shell": ["run"]},
}
SHAPE = Shape(SCHEMA, "compose", lambda text: False)


def said(shape: Shape, data: object) -> list[tuple[str, str, str]]:
    return [(one.id, one.message, one.help) for one in shape.problems(data)]


def test_a_key_without_its_companion() -> None:
    found = list(SHAPE.problems({"mode": "fast", "shell": "bash"}))
    assert [(one.id, one.route, one.anchor) for one in found] == [("compose-key-alone", ("shell",), "key")]


def test_a_missing_key_says_what_may_stand_there() -> None:
    assert said(SHAPE, {}) == [
        ("compose-key-missing", "the file has no `mode`", "write `mode`: one of `fast`, `slow`"),
    ]


def test_a_key_one_level_too_high() -> None:
    assert said(SHAPE, {"mode": "fast", "replicas": 2}) == [
        ("compose-key-unknown", "the file has no key `replicas`", "it belongs under `deploy`"),
    ]


def test_of_several_forms_that_each_lack_one_key_all_are_named_once() -> None:
    forms = [{"required": ["run"]}, {"required": ["uses"]}]
    shape = Shape({"type": "object", "oneOf": forms, "dependencies": {"shell": ["run"]}}, "x", lambda text: False)
    assert said(shape, {"shell": "bash"}) == [
        ("x-key-missing", "the file has neither `run` nor `uses`", "write `run` or `uses`"),
    ]
    assert said(shape, {"run": "make", "shell": "bash"}) == []

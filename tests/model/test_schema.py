"""The published JSON Schema: every property explains itself, valid specs pass, specs of a wrong shape do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from judges.schemas import json_schema, read
from svc.model.load import models_of
from svc.model.mapped import Mapped, fields_of, rules_of
from svc.model.rules import RULES
from svc.model.schema import schema
from svc.model.service import Service
from svc.model.spelled import Refused
from svc.model.workspace import Workspace
from svc.model.zones import ZONE_PATTERN, zone

FIXTURES = Path(__file__).parents[2] / "fixtures"
KINDS = ("service", "workspace")
VALID = [*(FIXTURES / "ok").glob("*.yaml"), *(FIXTURES / "real").rglob("s*.yaml")]
BROKEN = sorted((FIXTURES / "err").glob("*.yaml"))
SHAPE = {"unknown-key", "missing-key", "value-not-allowed", "wrong-type", "invalid-value", "not-a-spec"}
ONLY_SVC = {
    "host-twice": "items of a list that are alike",
    "bad-cidr": "bits behind the prefix of a network",
    "max-below-min": "the order of two numbers",
    "scale-backwards": "the order of two numbers",
    "environment-error": "the order of two numbers",
    "waiver-date-impossible": "days that a month does not have",
}
"""Specs of a wrong shape that no JSON Schema refuses, and what it would have to compare."""
MORE = {
    "list-under-scalar": "YAML's folding is judged before",
    "environment-renames": "a rule about environments, not about the model",
    "layers-of-their-own": "a rule about environments, not about the model",
}
"""Specs that the schema refuses too, though the model does not."""


def properties(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of the language, by definition and key; the parts of rules are none."""
    made = schema(kind)
    definitions = {"": made, **made["$defs"]}
    for name, one in definitions.items():
        mapping = one if "properties" in one else next(option for option in one["anyOf"] if "properties" in option)
        assert mapping["additionalProperties"] is False, name
        yield from ((f"{name}.{key}", value) for key, value in mapping["properties"].items())


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema_with_a_name(kind: str) -> None:
    made = schema(kind)
    Draft202012Validator.check_schema(made)
    assert (made["$schema"], made["$id"]) == ("https://json-schema.org/draft/2020-12/schema", f"urn:svc:v1:{kind}")
    assert {"title", "description"} <= set(made)
    assert len(list(properties(kind))) > 100


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described_and_shown(kind: str) -> None:
    assert [name for name, one in properties(kind) if not one.get("description")] == []
    assert [name for name, one in properties(kind) if not one.get("examples")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_and_default_is_valid(kind: str) -> None:
    validator = json_schema(kind)
    definitions = schema(kind)["$defs"]
    wrong = [
        (name, value)
        for name, one in properties(kind)
        for value in [*one["examples"], *([one["default"]] if one.get("default", "") != "" else [])]
        if not validator.evolve(schema={"$defs": definitions, **one}).is_valid(value)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", VALID, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_valid_specs_are_valid(path: Path) -> None:
    kind = "workspace" if path.name.startswith("svc-workspace") else "service"
    assert [error.message for error in json_schema(kind).iter_errors(read(path))] == []


@pytest.mark.parametrize("path", [path for path in BROKEN if read(path) is not None], ids=lambda path: path.stem)
def test_specs_of_a_wrong_shape_are_refused(path: Path) -> None:
    data = read(path)
    said = set(re.findall(r"^error\[([a-z-]+)\]", path.with_suffix(".out").read_text("utf-8"), re.MULTILINE))
    wanted = bool(said & SHAPE and path.stem not in ONLY_SVC) or path.stem in MORE
    assert json_schema("service").is_valid(data) is not wanted


@pytest.mark.parametrize("name", [*ONLY_SVC, *MORE])
def test_the_exceptions_are_still_some(name: str) -> None:
    data = read(FIXTURES / "err" / f"{name}.yaml")
    assert json_schema("service").is_valid(data) is (name in ONLY_SVC)


def test_no_rule_of_a_mapping_is_forgotten() -> None:
    judged = {model.__name__ for model in models() if _own_validators(model)}
    assert judged - set(RULES) == set()
    assert set(RULES) <= {model.__name__ for model in models()}


def models() -> list[type[Mapped]]:
    found: list[type[Mapped]] = []
    queue: list[type[Mapped]] = [Service, Workspace]
    while queue:
        one = queue.pop()
        if one not in found:
            found.append(one)
            queue += [inner for field in fields_of(one).values() for inner in models_of(field.annotation)]
    return found


def _own_validators(model: type[Mapped]) -> bool:
    return any(name in vars(model) for name in rules_of(model, "after"))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("UTC", True),
        ("Europe/Berlin", True),
        ("Etc/GMT+1", True),
        ("/UTC", False),
        ("Europe/", False),
        ("Berlin", False),
    ],
)
def test_a_time_zone_is_one_of_the_database_for_all_alike(text: str, known: bool) -> None:
    assert bool(re.fullmatch(ZONE_PATTERN, text)) is known
    try:
        zone(text)
    except Refused:
        assert not known
    else:
        assert known

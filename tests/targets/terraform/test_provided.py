"""Which table of the provider a module is judged by, and whether it asks for a release after ours."""

from __future__ import annotations

import json

import pytest

from svc import assets, pins
from svc.targets.terraform.read import read_blocks
from svc.targets.terraform.tables import newer, provided, tables
from svc.targets.terraform.types import Module

OURS = pins.version_key(pins.provider("aws").version)


def _module(constraint: str, lock: str = "") -> Module:
    text = f'terraform {{\n  required_providers {{\n    aws = "{constraint}"\n  }}\n}}\n'
    return Module("d", {"a.tf": read_blocks(text, "a.tf")}, locked={"aws": lock} if lock else {})


@pytest.mark.parametrize(
    ("constraint", "lock", "major"),
    [
        ("~> 6.0", "", 6),
        ("~> 5.0", "", 5),
        (">= 5.40", "", 5),
        ("~> 4.0", "", None),
        ("", "", 5),
        ("", "5.99.1", 5),
        ("", "4.1.0", None),
    ],
)
def test_the_table_is_of_the_modules_major_version_or_there_is_none(
    constraint: str, lock: str, major: int | None
) -> None:
    found = provided(_module(constraint, lock))
    assert (found.major if found is not None else None) == major


def test_what_the_version_before_had_is_in_its_table_alone() -> None:
    before = provided(_module("~> 5.0"))
    assert before is not None
    assert before.exports("resource", "aws_eip", "vpc")
    assert before.exports("resource", "aws_eip", "domain")
    assert not tables().exports("resource", "aws_eip", "vpc")


def test_everything_that_was_taken_away_is_of_a_resource_that_we_know() -> None:
    before = provided(_module("~> 5.0"))
    assert before is not None
    assert before.changed
    assert [name for name in before.changed if tables().schema("resource", name) is None] == []


@pytest.mark.parametrize(
    ("constraint", "lock", "later"),
    [
        (f"~> {OURS[0]}.0", "", False),
        (f"~> {OURS[0]}.{OURS[1] + 1}", "", True),
        (f"~> {OURS[0]}.0", f"{OURS[0]}.{OURS[1] + 1}.0", True),
        ("", f"{OURS[0]}.{OURS[1]}.0", False),
        ("", "", False),
    ],
)
def test_a_module_may_ask_for_a_later_release(constraint: str, lock: str, later: bool) -> None:
    assert newer(_module(constraint, lock)) is later


def test_the_table_is_read_line_by_line_as_the_whole_of_it_would_be() -> None:
    folder = assets.schemas() / "terraform"
    whole = {**json.loads((folder / "aws-schema.json").read_text("utf-8"))}
    for section, types in json.loads((folder / "aws-extra.json").read_text("utf-8")).items():
        whole[section] = {**whole.get(section, {}), **types}
    for kind, section in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        other = whole["data_source_schemas" if kind == "resource" else "resource_schemas"]
        assert {name: tables().schema(kind, name) for name in whole[section]} == {
            name: one["block"] for name, one in whole[section].items()
        }
        assert [name for name in other if name not in whole[section] and tables().schema(kind, name)] == []
    assert tables().schema("resource", "aws_nothing") is None
    assert tables().schema("resource", 'aws_vpc":{"block":{"attributes":{"arn') is None

"""What is known before Terraform runs: defaults, local values, repeated blocks; all else stays unknown."""

from __future__ import annotations

import pytest

from svc.targets.terraform import known as known_values
from svc.targets.terraform.evaluate import Names, evaluate
from svc.targets.terraform.read import read_module, read_value
from svc.targets.terraform.types import Attribute, Expr, Module, Values

NAMES = """
variable "on" {
  default = true
}
variable "unset" {
  default = null
}
variable "place" {
  default = "dev"
}
variable "key" {
  default = ""
}
variable "asked" {}
variable "settings" {
  default = { size = "big", ports = [80, 443] }
}
locals {
  off   = false
  live  = var.place == "live"
  name  = "${local.stem}-api"
  stem  = "shop"
  bucket = aws_s3_bucket.a.id
  round = local.round
}
"""


def value(expression: str) -> object:
    module = read_module({"main.tf": f'{NAMES}\nresource "a_b" "c" {{\n  x = {expression}\n}}\n'})
    return module.known.resources()[0].get("x")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.on", True),
        ("local.off", False),
        ('"${var.on}"', True),
        ("local.name", "shop-api"),
        ('"x-${local.name}-y"', "x-shop-api-y"),
        (r'"{\"a\": \"${local.name}\", \"b\": 1}"', '{"a": "shop-api", "b": 1}'),
        ("var.settings.size", "big"),
        ('var.settings["size"]', "big"),
        ("var.settings.ports[1]", 443),
        ("var.on ? 1 : 0", 1),
        ("!var.on", False),
        ('local.stem == "shop" ? "a" : "b"', "a"),
        ("var.asked ? 7 : 7", 7),
        ("toset([local.stem])", ("shop",)),
        ('concat(["a"], [local.stem])', ("a", "shop")),
        ('lookup(var.settings, "size", "small")', "big"),
        ("local.bucket", Expr("aws_s3_bucket.a.id")),
        ("(var.on)", True),
        ('var.key == ""', True),
        ("var.key != null", True),
        ("var.on == false", False),
        ('var.place == "dev" ? ["0.0.0.0/0"] : ["10.0.0.0/8"]', ("0.0.0.0/0",)),
        ('lower(var.place) == "live" ? "a" : "b"', "b"),
    ],
)
def test_what_is_known(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "var.unset",
        "var.asked",
        "var.nowhere",
        "var.asked ? 1 : 0",
        "var.settings.missing.deep",
        "data.aws_caller_identity.current.account_id",
        '"arn:${data.a.b.c}:x"',
        "local.round",
        "[for one in var.asked : one.id]",
        'var.place == "live"',
        '"live" != var.place',
        'lower(var.place) == "live" ? 7 : 1',
        'var.place == "dev" ? true : false',
        'local.live ? "a" : "b"',
        'length(var.asked) > 0 ? "a" : "b"',
    ],
)
def test_what_is_not(expression: str) -> None:
    assert value(expression) == read_value(expression)


def test_a_value_of_a_tfvars_file_makes_the_default_unknown() -> None:
    read = read_module({"main.tf": f'{NAMES}\nresource "a_b" "c" {{\n  x = var.on\n}}\n'})
    module = Module("", read.files, {"prod.tfvars": Values((Attribute("on", False),))})
    assert module.known.resources()[0].get("x") == Expr("var.on")


def test_blocks_that_a_list_repeats() -> None:
    text = """
    variable "rules" {
      default = [{ port = 22, from = "0.0.0.0/0" }, { port = 443, from = "10.0.0.0/8" }]
    }
    resource "aws_security_group" "a" {
      dynamic "ingress" {
        for_each = var.rules
        iterator = rule
        content {
          from_port   = rule.value.port
          cidr_blocks = [rule.value["from"]]
        }
      }
      dynamic "egress" {
        for_each = var.unknown
        content {
          from_port = egress.value
        }
      }
    }
    resource "aws_s3_bucket" "b" {
      for_each = { logs = false, data = true }
      bucket   = "shop-${each.key}"
      force    = each.value
    }
    resource "aws_s3_bucket" "none" {
      count = 0
    }
    """
    known = read_module({"main.tf": text}).known
    group, *buckets = known.resources()
    assert [one.get("from_port") for one in group.blocks("ingress")] == [22, 443]
    assert [one.get("cidr_blocks") for one in group.blocks("ingress")] == [("0.0.0.0/0",), ("10.0.0.0/8",)]
    assert [one.labels for one in group.blocks("dynamic")] == [("egress",)]
    assert [(one.get("bucket"), one.get("force")) for one in buckets] == [("shop-logs", False), ("shop-data", True)]


@pytest.mark.parametrize("text", ['"${', '"${a', "a ? b", '"${"}"', "${a}", "!", "=="])
def test_odd_expressions_stay(text: str) -> None:
    module = Module("", {"a.tf": ()})
    assert module.known == module
    assert evaluate(Expr(text), Names({})) == Expr(text)


def test_values_made_of_one_another_are_worked_out_once() -> None:
    """Twenty levels of ten each would be more than there are atoms."""
    levels = "\n".join(f"  l{index} = [{', '.join([f'local.l{index + 1}'] * 10)}]" for index in range(20))
    module = read_module(
        {"main.tf": f'locals {{\n{levels}\n  l20 = 1\n}}\nresource "a_b" "c" {{\n  x = local.l0\n}}\n'}
    )
    assert module.known.resources()[0].get("x") is not None


def test_what_an_override_file_says_is_said_of_the_block_it_is_laid_over() -> None:
    files = {
        "a_override.tf": 'resource "a_b" "c" {\n  x = 2\n  rule {\n    a = 3\n  }\n}\nresource "a_b" "other" {\n  x = 5\n}\n',
        "main.tf": 'resource "a_b" "c" {\n  x = 1\n  y = 1\n  rule {\n    b = 1\n  }\n  rule {\n  }\n}\n',
        "override.tf": 'resource "a_b" "c" {\n  y = 4\n}\nprovider "a" {\n}\n',
    }
    merged, other = read_module(files).known.resources()[::-1]
    assert dict(merged.attributes) == {"x": 2, "y": 4}
    assert [dict(one.attributes) for one in merged.blocks("rule")] == [{"a": 3}]
    assert other.labels == ("a_b", "other")


def test_names_are_gathered_once_for_all_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    module = read_module(
        {"main.tf": 'module "a" {\n  for_each = toset(var.b)\n}\nvariable "b" {\n  default = ["c"]\n}\n'}
    )
    (block,) = module.blocks("module")
    asked: list[Module] = []
    names = known_values._names

    def noted(module: Module) -> Names:
        asked.append(module)
        return names(module)

    monkeypatch.setattr(known_values, "_names", noted)
    assert [known_values.keys(module, block) for _ in range(3)] == [frozenset("c")] * 3
    assert len(asked) == 1

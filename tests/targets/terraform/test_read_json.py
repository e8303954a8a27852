"""Terraform's JSON syntax means what its own syntax means."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.lint.collect import collect
from svc.parse import parse
from svc.source import Source
from svc.targets.terraform.read import TerraformError, read_blocks
from svc.targets.terraform.read_json import read_document, read_values
from svc.targets.terraform.types import Attribute, Block, Expr, Module

JSON = """{
  "//": "a comment",
  "terraform": {"backend": {"s3": {"encrypt": true}}, "required_providers": {"aws": {"version": "~> 6.0"}}},
  "variable": {"name": {"type": "list(string)", "default": "${kept}"}},
  "locals": {"both": "${var.name}-\\"q\\"-${upper(\\"x\\")}", "one": "${var.name}", "text": {"a": [1, null]}},
  "resource": {
    "aws_s3_bucket": {"a": [{"bucket": "${local.one}", "tags": {"k": "v"}}], "b": {"lifecycle": {"ignore_changes": ["tags"]}}},
    "aws_security_group": {"g": {"dynamic": {"ingress": {"for_each": "${[1]}", "content": {"from_port": 22}}}}}
  },
  "output": {"x": {"value": "${local.both}", "depends_on": ["aws_s3_bucket.a"]}}
}
"""
HCL = """
terraform {
  backend "s3" {
    encrypt = true
  }
  required_providers {
    aws = { version = "~> 6.0" }
  }
}
variable "name" {
  type = list(string)
  default = "$${kept}"
}
locals {
  both = "${var.name}-\\"q\\"-${upper("x")}"
  one = var.name
  text = { a = [1, null] }
}
resource "aws_s3_bucket" "a" {
  bucket = local.one
  tags = { k = "v" }
}
resource "aws_s3_bucket" "b" {
  lifecycle {
    ignore_changes = [tags]
  }
}
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = [1]
    content {
      from_port = 22
    }
  }
}
output "x" {
  value = local.both
  depends_on = [aws_s3_bucket.a]
}
"""


def read(text: str) -> tuple[Block, ...]:
    return read_document(parse(Source("main.tf.json", text)).documents[0])


def meant(block: Block) -> object:
    """A block without the blocks that are made of its objects as well."""
    own = [(part.name, part.value) for part in block.body if isinstance(part, Attribute)]
    return block.address, own, [meant(part) for part in block.blocks() if part.type not in block.attributes]


def test_it_means_the_same() -> None:
    assert [meant(one) for one in read(JSON)] == [meant(one) for one in read_blocks(HCL)]


@pytest.mark.parametrize(
    ("json", "hcl"),
    [
        ('{"resource": {"aws_security_group_rule": {"a": {"type": "ingress", "from": "a.b", "to": "x"}}}}',
         'resource "aws_security_group_rule" "a" {\n  type = "ingress"\n  from = "a.b"\n  to = "x"\n}'),
        ('{"moved": {"from": "a.b", "to": "a.c"}}', "moved {\n  from = a.b\n  to = a.c\n}"),
        ('{"module": {"m": {"providers": {"aws": "aws.east"}, "type": "x"}}}',
         'module "m" {\n  providers = { aws = aws.east }\n  type = "x"\n}'),
        ('{"locals": {"a": "\\"$${a}\\" ${upper(\\"k\\")} %%{b}\\" %{if true}\\"%{endif}"}}',
         'locals {\n  a = "\\"$${a}\\" ${upper("k")} %%{b}\\" %{if true}\\"%{endif}"\n}'),
    ],
)  # fmt: skip
def test_texts_are_texts_and_expressions_expressions(json: str, hcl: str) -> None:
    assert [meant(one) for one in read(json)] == [meant(one) for one in read_blocks(hcl)]


def test_lines_and_values() -> None:
    bucket = next(one for one in read(JSON) if one.labels == ("aws_s3_bucket", "a"))
    assert bucket.line == 7
    assert Module("", {"main.tf.json": read(JSON)}).local_values["one"] == Expr("var.name")
    values = parse(Source("x.tfvars.json", '{"a": "${b}", "c": {"d": [1]}}')).documents[0]
    assert [one.name for one in read_values(values)] == ["a", "c"]
    assert read_values(values)[0].value == "${b}"


def test_a_template_that_is_not_closed_is_said() -> None:
    with pytest.raises(TerraformError, match=r"main\.tf\.json:2: '\{' is not closed"):
        read('{\n  "locals": {"a": "${x"}\n}\n')


def test_a_module_of_both_syntaxes_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.tf.json").write_text('{\n  "resource": {"aws_db_instance": {"x": {"port": "${local.a}"}}}\n}\n')
    (tmp_path / "b.tf").write_text("locals {\n  a = 1\n}\n")
    (tmp_path / "c.auto.tfvars.json").write_text('{"x": 1}\n')
    (tmp_path / "d.tf.json").write_text('{"locals": {"b": }}')
    linted = collect([tmp_path], lambda file: file.name)
    (module,) = linted.subjects
    assert isinstance(module.artifact, Module)
    assert sorted(module.artifact.files) == ["a.tf.json", "b.tf"]
    assert sorted(module.artifact.values) == ["c.auto.tfvars.json"]
    span = linted.places[id(module)](("resource", "aws_db_instance", "x")).span
    assert span is not None
    assert (span.line, span.column, span.end_column) == (2, 3, 13)
    assert [(one.id, one.place.file) for one in linted.diagnostics] == [("terraform-syntax", "d.tf.json")]

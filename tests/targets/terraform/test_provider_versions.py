"""Which major versions of a provider a module's constraints leave: the answers are those of `terraform init`."""

from __future__ import annotations

import pytest

from svc.parse import parse_one
from svc.source import Source
from svc.targets.terraform.read import read_blocks
from svc.targets.terraform.read_json import read_document
from svc.targets.terraform.types import Module
from svc.targets.terraform.versions import may_have


def _module(text: str) -> Module:
    return Module("d", {"a.tf": read_blocks(text, "a.tf")})


@pytest.mark.parametrize(
    ("constraint", "left"),
    [
        ("~> 5", False),
        ("~> 4.67", False),
        ("~> 5.99.0", False),
        ("4.67.0", False),
        ("< 6", False),
        (">= 4.0, < 6.0.0", False),
        ("< 6.0.0-beta1", False),
        (">= 7", False),
        ("~>6", True),
        ("6.69.1", True),
        (" = 6.69.1", True),
        ("> 4.0,!=5.0.0", True),
        ("> 6", True),
        ("<= 6.0.0", True),
        ("~> 6.69.1-beta", True),
        ("< 7.0.0-beta", True),
        (">= 3.0", True),
        ("5.x", True),
        ("", True),
    ],
)
def test_constraints_leave_what_terraform_takes(constraint: str, left: bool) -> None:
    module = _module(
        f'terraform {{\n  required_providers {{\n    aws = {{\n      version = "{constraint}"\n    }}\n  }}\n}}\n'
    )
    assert may_have(module, "aws", 6) is left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('terraform {\n  required_providers {\n    aws = "~> 3.0"\n  }\n}\n', False),
        ('provider "aws" {\n  version = "~> 2.0"\n}\n', False),
        ('provider "aws" {\n  region = "eu-west-1"\n}\n', True),
        ('provider "google" {\n  version = "~> 2.0"\n}\n', True),
        ('terraform {\n  required_providers {\n    amazon = {\n      source  = "hashicorp/aws"\n      version = "~> 3.0"\n    }\n  }\n}\n', False),
        ('terraform {\n  required_providers {\n    random = "~> 3.0"\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n', True),
    ],
)  # fmt: skip
def test_constraints_stand_in_several_places(text: str, left: bool) -> None:
    assert may_have(_module(text), "aws", 6) is left


def test_constraints_of_json_are_read() -> None:
    text = '{"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 4.0"}}}}'
    blocks = read_document(parse_one(Source("a.tf.json", text)).documents[0])
    assert not may_have(Module("d", {"a.tf.json": blocks}), "aws", 6)

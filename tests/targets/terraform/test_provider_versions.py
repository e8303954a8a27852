"""Which major version of a provider a module is for: one that its constraints leave, and no older one beside it."""

from __future__ import annotations

import pytest

from svc.parse import parse_one
from svc.source import Source
from svc.targets.terraform.read import read_blocks
from svc.targets.terraform.read_json import read_document
from svc.targets.terraform.types import Module
from svc.targets.terraform.versions import leaves, locked, plans


def is_for(module: Module, provider: str, major: int) -> bool:
    return all(leaves(one, major) for one in plans(module, provider))


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
        ("> 4.0,!=5.0.0", False),
        ("> 6", True),
        ("<= 6.0.0", True),
        ("~> 6.69.1-beta", True),
        ("< 7.0.0-beta", True),
        (">= 3.0", False),
        (">= 4.0, < 7", False),
        (">= 4.0, >= 6.2", True),
        (">= 6.0", True),
        ("< 7", True),
        ("5.x", True),
        ("", True),
    ],
)
def test_constraints_say_what_a_module_is_for(constraint: str, left: bool) -> None:
    module = _module(
        f'terraform {{\n  required_providers {{\n    aws = {{\n      version = "{constraint}"\n    }}\n  }}\n}}\n'
    )
    assert is_for(module, "aws", 6) is left


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
    assert is_for(_module(text), "aws", 6) is left


def test_constraints_of_json_are_read() -> None:
    text = '{"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 4.0"}}}}'
    blocks = read_document(parse_one(Source("a.tf.json", text)).documents[0])
    assert not is_for(Module("d", {"a.tf.json": blocks}), "aws", 6)


LOCK = """# This file is maintained automatically by "terraform init".
provider "registry.terraform.io/hashicorp/aws" {{
  version     = "{0}"
  constraints = ">= 4.0.0"
  hashes = [
    "h1:abc=",
  ]
}}
provider "registry.terraform.io/somebody/google" {{
  version = "1.0.0"
}}
"""


@pytest.mark.parametrize(
    ("constraint", "version", "ours"), [(">= 4.0", "4.67.0", False), (">= 4.0", "6.2.0", True), ("", "5.9.1", False)]
)
def test_a_lock_file_says_the_version(constraint: str, version: str, ours: bool) -> None:
    blocks = read_blocks(f'provider "aws" {{\n  version = "{constraint}"\n}}\n')
    chosen = locked(LOCK.format(version))
    assert chosen == {"aws": version}
    assert is_for(Module("d", {"a.tf": blocks}, locked=chosen), "aws", 6) is ours


def test_a_lock_file_that_cannot_be_read_says_nothing() -> None:
    assert locked('provider "registry.terraform.io/hashicorp/aws" {') == {}


def test_who_calls_a_module_chooses_for_it() -> None:
    own, older = _module(_ASKED.format(">= 4.0")), _module(_ASKED.format("~> 5.30"))
    called = Module("d", own.files, callers=(older,))
    assert plans(called, "aws") == [[">= 4.0", "~> 5.30"]]
    pinned = Module("d", older.files, locked={"aws": "4.67.0"})
    assert plans(Module("d", own.files, callers=(pinned, older)), "aws") == [("4.67.0",)]
    assert plans(Module("d", {}, callers=(_module("locals {}"),)), "aws") == []


_ASKED = 'terraform {{\n  required_providers {{\n    aws = "{}"\n  }}\n}}\n'

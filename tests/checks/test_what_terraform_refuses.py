"""What is said of Terraform that `terraform validate` refuses, with what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from svc.checks._params import NoParams
from svc.checks.terraform import (
    bare_word,
    function_arguments,
    label_form,
    policy_document,
    reference_circle,
    reference_declared,
    reference_instance,
    repeat_value,
    variable_type,
    version_constraint,
)
from svc.targets.terraform.read import read_module


def _said(check: Callable[..., Iterable[Any]], text: str, params: object = NoParams()) -> list[str]:
    return [one[1] for one in check(read_module({"main.tf": text}), params)]


@pytest.mark.parametrize(
    ("constraint", "instead"),
    [
        ("=> 5.0", "`=> 5.0` is no version constraint; write `>= 5.0`"),
        ("^5.1", "`^5.1` is no version constraint; write `~> 5.1`"),
        ("~5", "`~5` is no version constraint; write `~> 5`"),
        ("5.x", "`5.x` is no version constraint; write `~> 5.0`"),
        (">= 5.0 < 6", "`>= 5.0 < 6` is no version constraint; write `>= 5.0, < 6`"),
        (">= 5.0, latest", "`latest` is no version constraint; write nothing for any"),
        ("5.0+", "`5.0+` is no version constraint"),
        ("~> 5.0, != 5.1.0-beta.1+x", ""),
        ("v5", ""),
    ],
)
def test_version_constraints(constraint: str, instead: str) -> None:
    text = f'terraform {{\n  required_version = "{constraint}"\n}}\n'
    assert _said(version_constraint.check, text) == ([instead] if instead else [])


@pytest.mark.parametrize(
    ("type_", "default", "said"),
    [
        ("number", '"x"', "variable `a`: the default is `x`, and its type a number"),
        (
            "list(object({ b = bool }))",
            '[{ b = "yes" }]',
            "variable `a`: the default[0].b is `yes`, and its type true or false",
        ),
        ("object({ b = set(string) })", "{}", "variable `a`: the default lacks `b` (a list)"),
        ("tuple([string])", "[]", "variable `a`: the default has 0 items, and its type 1"),
        ("map(string)", "[]", "variable `a`: the default is a list, and its type a mapping"),
        ("number", "local.b", "the default of variable `a` has `local.b`: it is a plain value"),
        ("number", '"-1.5e3"', ""),
        ("map(any)", "{ a = 1, b = [] }", ""),
        ('object({ b = optional(string, "x") })', "{ c = 1 }", ""),
    ],
)
def test_defaults(type_: str, default: str, said: str) -> None:
    text = f'variable "a" {{\n  type    = {type_}\n  default = {default}\n}}\n'
    assert _said(variable_type.check, text, variable_type.Params()) == ([said] if said else [])


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ('"string"', "write `string` without quotes"),
        ("strng", "there is no `strng`; did you mean `string`?"),
        ("list(map)", "write `map(string)`"),
        ("object", "write `object({ name = string })`"),
        ("[string]", "a list is no type; write `object({ ... })` or `list(...)`"),
        ('object({ a = optional(number, "x") })', "what `optional` says is `x`, and its type a number"),
    ],
)
def test_types(type_: str, said: str) -> None:
    found = _said(variable_type.check, f'variable "a" {{\n  type = {type_}\n}}\n', variable_type.Params("type"))
    assert found == [f"the type of variable `a` is none: {said}"]


def test_a_circle_is_told_once_with_its_way() -> None:
    text = "locals {\n  a = local.b\n  b = local.c\n  c = [local.b, local.d]\n  d = local.d\n}\n"
    assert _said(reference_circle.check, text) == [
        "`local.b` is made of itself: `local.b` → `local.c` → `local.b`",
        "`local.d` is made of itself",
    ]


def test_every_circle_on_one_way_is_told() -> None:
    text = "locals {\n" + "".join(f"  a{one} = local.a{one + 1} + local.a{one}\n" for one in range(9)) + "}\n"
    assert len(_said(reference_circle.check, text)) == 9


def test_an_override_file_may_open_a_circle() -> None:
    files = {
        "main.tf": 'resource "a_b" "c" {\n  d = a_b.e.id\n}\nresource "a_b" "e" {\n  d = a_b.c.id\n}\n',
        "override.tf": 'resource "a_b" "e" {\n  d = 1\n}\n',
    }
    assert not list(reference_circle.check(read_module(files), NoParams()))


def test_an_override_file_may_repeat_what_another_declares() -> None:
    files = {
        "main.tf": 'resource "a_b" "c" {\n}\noutput "d" {\n  value = a_b.c[0].id\n}\n',
        "override.tf": 'resource "a_b" "c" {\n  count = 1\n}\n',
    }
    assert not list(reference_instance.check(read_module(files), NoParams()))


def test_words_of_others_are_answered() -> None:
    text = 'output "a" {\n  value = [locals.b, vars.c, terraform.workspce, path.modul]\n}\n'
    assert _said(reference_declared.check, text) == [
        "there is no `locals.b`; write `local.b`",
        "there is no `vars.c`; write `var.c`",
        "there is no `terraform.workspce`; `terraform` has `terraform.workspace`, `terraform.applying`",
        "there is no `path.modul`; `path` has `path.module`, `path.root`, `path.cwd`",
    ]


def test_names_words_and_repetitions_say_what_to_write() -> None:
    text = (
        'resource "a_b" "c.d" {\n  count = var.on\n  e     = True\n}\nvariable "on" {\n  type = bool\n}\n'
        'variable "2nd" {\n}\noutput "f" {\n  value = a_b.g.h\n}\nresource "a_b" "g" {\n  for_each = [1]\n}\n'
    )
    checks = (label_form, bare_word, repeat_value, reference_instance)
    assert [one for check in checks for one in _said(check.check, text)] == [
        "`c.d` is no name of a resource; write `c_d`",
        "`2nd` is no name of a variable; write `_2nd`",
        "`True` is a word without quotes: write `true`",
        "`count` of `a_b.c.d` is true or false, and has to be a number: write `condition ? 1 : 0`",
        f"`for_each` of `a_b.g` is a list: write {repeat_value.INSTEAD}",
        '`a_b.g` has `for_each`: write `a_b.g["key"].h` for one of them, `values(a_b.g)[*].h` for all',
    ]


def test_a_provider_is_asked_for_by_an_alias_that_there_is() -> None:
    declared = 'provider "aws" {\n}\nprovider "aws" {\n  alias = "west"\n}\n'
    text = 'resource "aws_a" "b" {\n  provider = aws.wset\n}\n'
    text += 'module "c" {\n  providers = { aws.d = aws.west, aws.e = aws.west }\n}\n'
    assert _said(reference_declared.check, declared + text) == [
        "provider `aws.wset` is not declared in this module; did you mean `aws.west`?"
    ]
    assert len(_said(reference_declared.check, text)) == 3


def test_what_a_dynamic_block_gives_is_meant() -> None:
    text = (
        'resource "a_b" "c" {\n  dynamic "rule" {\n    for_each = [1]\n    content {\n      d = rul.value\n    }\n  }\n'
        "  e = self.id\n  f = moduel.x\n}\n"
    )
    assert _said(reference_declared.check, text) == [
        "`rul.value` is not declared in this module; did you mean `rule.value`?",
        "`self.id` means something in provisioners, connections and postconditions alone; write the resource's name",
        "`moduel.x` is not declared in this module; did you mean `module.x`?",
    ]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('join(["a"], ",")', "argument 1 of `join` is a list, and has to be a text"),
        ('"${upper("a", "b")}-x"', "`upper` takes 1 argument, and is given 2"),
        ("timestamp(1)", "`timestamp` takes no arguments, and is given 1"),
        ('lookup({}, "a", 1)', ""),
        ("try(upper(1, 2))", ""),
    ],
)
def test_arguments_of_functions(call: str, said: str) -> None:
    assert _said(function_arguments.check, f"locals {{\n  a = {call}\n}}\n") == ([said] if said else [])


def test_policies_that_aws_refuses() -> None:
    statements = (
        '{ Efect = "Allow", Action = "s3:*" },\n      { Effect = "allow" },\n      { Action = "s3:*" },\n'
        '      { Effect = "Deny", Actions = 1, Sids = 2 },\n      { Effect = var.effect, (var.key) = 1 },'
    )
    document = f"jsonencode({{\n    Statement = [\n      {statements}\n    ]\n  }})"
    text = f'resource "aws_iam_policy" "a" {{\n  policy = {document}\n}}\n'
    text += 'resource "aws_iam_role" "a" {\n  assume_role_policy = <<EOT\n{\n  "a": "${var.b}",\n}\nEOT\n}\n'
    module = read_module({"main.tf": text})
    assert [(one[1], *one[2:]) for one in policy_document.check(module, NoParams())] == [
        ("`assume_role_policy` is no JSON: a comma with nothing behind it, in its line 2",),
        ("there is no `Efect` in a statement; did you mean `Effect`?", (0, 1)),
        ("the effect is `allow`, and has to be `Allow` or `Deny`, in these letters", (1, 2)),
        ("the statement has no `Effect`: write `Allow` or `Deny`", (2, 3)),
        ("there is no `Actions` in a statement; did you mean `Action`?", (3, 4)),
        ("there is no `Sids` in a statement; did you mean `Sid`?", (3, 4)),
    ]

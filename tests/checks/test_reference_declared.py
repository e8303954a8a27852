"""What a module refers to without declaring it, where there is much of it."""

from __future__ import annotations

import pytest

from svc.checks._params import NoParams
from svc.checks.terraform import reference_declared
from svc.targets.terraform.read import read_blocks
from svc.targets.terraform.types import Module


def _said(text: str) -> list[str]:
    module = Module("d", {"a.tf": read_blocks(text, "a.tf")})
    return [one[1] for one in reference_declared.check(module, NoParams())]


def test_a_module_with_many_unknown_names_compares_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counted(_: str, names: list[str]) -> str:
        nonlocal compared
        compared += len(names)
        return "near"

    monkeypatch.setattr(reference_declared, "close", counted)
    declared = "".join(f'resource "aws_sqs_queue" "a{index}" {{\n}}\n' for index in range(300))
    unknown = "".join(f'output "o{index}" {{\n  value = aws_sqs_queue.b{index}.arn\n}}\n' for index in range(200))
    said = _said(declared + unknown)
    assert compared == 12_000
    assert len(said) == 200
    assert ["near" in one for one in said] == [True] * 40 + [False] * 160


def test_a_resource_is_meant_by_its_type_or_its_label() -> None:
    declared = 'resource "aws_sqs_queue" "orders" {\n}\nresource "aws_sns_topic" "paid" {\n}\n'
    assert _said(declared + 'output "a" {\n  value = [aws_sqs_queue.order.arn, aws_sns_topics.paid.arn]\n}\n') == [
        "`aws_sqs_queue.order` is not declared in this module; did you mean `aws_sqs_queue.orders`?",
        "`aws_sns_topics.paid` is not declared in this module; did you mean `aws_sns_topic.paid`?",
    ]


def test_what_is_suggested_is_like_what_differs() -> None:
    """What the names have in common, their type or `local.`, makes them no more alike."""
    declared = 'resource "aws_security_group" "fleet" {\n}\nresource "aws_iam_role" "lambda" {\n}\n'
    declared += "locals {\n  tags = {}\n}\n"
    named = "[aws_security_group.runner.id, aws_cloudwatch_log_group.lambda.arn, local.name_sg, local.tag]"
    assert _said(f'{declared}output "a" {{\n  value = {named}\n}}\n') == [
        "`aws_security_group.runner` is not declared in this module, which has `aws_security_group.fleet` of that type",
        "`aws_cloudwatch_log_group.lambda` is not declared in this module",
        "`local.name_sg` is not declared in this module",
        "`local.tag` is not declared in this module; did you mean `local.tags`?",
    ]


def test_an_override_file_may_loop_over_the_block_that_another_declares() -> None:
    used = (
        'resource "aws_sqs_queue" "a" {\n  name = each.key\n}\nresource "aws_sqs_queue" "b" {\n  name = each.key\n}\n'
    )
    over = 'resource "aws_sqs_queue" "a" {\n  for_each = toset(["x"])\n}\n'
    files = {"a.tf": read_blocks(used, "a.tf"), "a_override.tf": read_blocks(over, "a_override.tf")}
    found = list(reference_declared.check(Module("d", files), NoParams()))
    assert [one[1] for one in found] == ["`each.key` stands in a block without `for_each`"]
    assert "b" in found[0][0]

"""A fault in one block of Terraform hides nothing of the others, and nothing is concluded from what it hides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc import assets
from svc.cli.main import main
from svc.lint.ahead import Entry
from svc.lint.linted import Linted
from svc.lint.terraform_module import terraform
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.terraform import syntax
from svc.targets.terraform.cursor import SyntaxFault
from svc.targets.terraform.syntax import faults, read_in_part

OPEN = 'resource "aws_security_group_rule" "%s" {\n  type = "ingress"\n  cidr_blocks = ["0.0.0.0/0"]\n}\n'
"""Of which one thing is said at its third line."""


def _found(text: str, folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    (folder / "main.tf").write_text(text)
    main(["lint", str(folder / "main.tf"), "--no-cache", "--format", "json", *options])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


@pytest.mark.parametrize(
    ("faulty", "line", "column"),
    [
        ('locals {\n  a = "x\n}\n', 2, 7),
        ("locals {\n  a = ['x']\n}\n", 2, 8),
        ('locals {\n  a = ["x" "y"]\n}\n', 2, 12),
        ("locals {\n  a = 1\n", 1, 1),
        ("locals {\n  a = 1\n}\n}\n", 4, 1),
        ("locals {\n  a = 1 b = 2\n}\n", 2, 9),
        ("locals {\n  a =\n}\n", 2, 3),
        ("locals {\n  a: 1\n}\n", 2, 4),
        ("locals { a = 1 b = 2 }\n", 1, 16),
        ("locals\n{\n}\n", 1, 7),
        ("locals {\n  a = (1\n}\n", 3, 1),
        ("locals {\n  a = <<EOT\nx\n}\n", 2, 7),
        ("locals {\n  a = true &&\n}\n", 2, 14),
        ("locals {\n  a = [for x of y : x]\n}\n", 2, 14),
        ('locals {\n  a = "${"\n}\n', 2, 10),
        ('locals {\n  a = "%{ if x }"\n}\n', 2, 8),
        ('locals {\n  a = "\\d"\n}\n', 2, 8),
        ("locals {\n  a = {\n    b = 1 c = 2\n  }\n}\n", 3, 11),
        ("a = 1\n", 1, 1),
        ("/* a\n", 1, 1),
        ("<<<<<<< HEAD\n", 1, 1),
    ],
)
def test_what_stands_around_a_fault_is_judged(
    faulty: str, line: int, column: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _found(f"{OPEN % 'a'}{faulty}{OPEN % 'b'}", tmp_path, capsys, "--select", "open-to-the-internet")
    below = 4 + faulty.count("\n") + 3
    assert [(one["policy"], one["line"]) for one in found] == [
        ("terraform-syntax", 4 + line),
        ("open-to-the-internet", 3),
        ("open-to-the-internet", below),
    ]
    assert found[0]["column"] == column
    assert found[0]["help"]


def test_nothing_is_concluded_from_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        'terraform {\n  required_version = ">= 1.9"\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n'
        '      version = "~> 6.0"\n    }\n  }\n}\nvariable "a" {\n  description = "a"\n  type = string\n}\n'
        'data "aws_region" "a" {\n}\noutput "b" {\n  description = "b"\n  value = var.b\n}\n'
        'resource "aws_s3_bucket" "a" {\n  bucket = var.a data.aws_region.a.name\n  force_destroy = flase\n\n'
    )
    assert [one["policy"] for one in _found(text, tmp_path, capsys)] == ["terraform-syntax"] * 2


def test_of_a_value_that_cannot_be_read_nothing_else_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        'resource "aws_sqs_queue" "a" {\n  name = "${}"\n  delay_seconds = "ten"\n}\noutput "a" {\n  value = var.b\n}\n'
    )
    found = _found(text, tmp_path, capsys, "--profile", "baseline")
    assert [(one["policy"], one["line"]) for one in found] == [
        ("terraform-syntax", 2),
        ("argument-of-wrong-type", 3),
        ("reference-undeclared", 6),
    ]


def test_every_faulty_argument_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _found("locals {\n  a = 'x'\n  b = 1,\n  c = 2\n  d = x and y\n}\n", tmp_path, capsys)
    told = [(one["line"], one["help"]) for one in found if one["policy"] == "terraform-syntax"]
    assert told == [
        (2, 'Write double quotes: `"..."`.'),
        (3, "Remove the `,`: an argument ends with its line."),
        (5, "Write `&&` for `and`."),
    ]


def test_a_comment_before_it_moves_no_fault() -> None:
    text = "locals {\n  # what stands here is long\n  a = x y\n  b = { c = 1 }\n}\n"
    assert [one.line for one in read_in_part(text)[1]] == [3]


@pytest.mark.parametrize(
    "many",
    [
        lambda number: "/* open\n" + OPEN % "a" * number,
        lambda number: "locals {\n  a = <<EOT\n}\n" + OPEN % "a" * number,
        lambda number: "".join(f"locals {{\n  a = <<EOT{one}\n}}\n" for one in range(number)),
    ],
)
def test_what_is_not_closed_is_looked_for_once(many: Callable[[int], str], monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def counted(text: str, values: bool = False) -> Iterator[tuple[bool, SyntaxFault]]:
        looked.append(len(text))
        return faults(text, values)

    monkeypatch.setattr(syntax, "faults", counted)
    _, unread = read_in_part(many(80))
    assert unread
    assert sum(looked) < 5 * len(many(80))


@pytest.mark.parametrize("fault", ['resource "a" "b" {\n', "locals {\n  a = 1,\n}\n"])
def test_no_fix_edits_a_file_with_a_fault(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'locals {\n  b = "${var.c}"\n}\n' + fault
    _found(text, tmp_path, capsys, "--fix", "--unsafe-fixes")
    assert (tmp_path / "main.tf").read_text() == text


def test_a_block_in_a_heredoc_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"locals {{\n  a = <<EOT\n{OPEN % 'a'}EOT\n}}\n{OPEN % 'b'}locals {{\n"
    found = _found(text, tmp_path, capsys, "--select", "open-to-the-internet")
    assert [(one["policy"], one["line"]) for one in found] == [("terraform-syntax", 13), ("open-to-the-internet", 11)]


@pytest.mark.parametrize(
    "text",
    [
        'a = "x\n',
        "a = 1 2\n",
        "a: 1\n",
        'variable "a" {\n}\n',
    ],
)
def test_values_that_cannot_be_read_are_told(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "terraform.tfvars").write_text(text)
    found = _found('variable "a" {\n}\n', tmp_path, capsys, "--select", "reference-undeclared")
    assert [(one["policy"], Path(one["file"]).name) for one in found] == [("terraform-syntax", "terraform.tfvars")]


def test_letters_of_other_languages_are_letters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "locals {\n  größe = { länge = 1 }\n  b = local.größe.länge\n}\n"
    assert _found(text, tmp_path, capsys, "--select", "reference-undeclared") == []
    (block,) = read_in_part(text)[0]
    assert block.references == {("local", "größe", "länge")}


POLICIES = [one for one in load([assets.policies()]).policies if one.surface == "terraform"]
_PIECES = st.sampled_from(
    [
        'resource "aws_iam_role" "b" {\n', 'module {\n  source = "a/b/c"\n', "locals {\n", "}\n", "  policy = jsonencode(",
        "{ Statement = { Condition = ", "})\n", "  a = ", '"', "${", "}", "x", ".", "[", "]", "(", ")", "<<EOT\n",
        "EOT\n", "\n", " ", "=", ",", "for", "in", ":", "=>", "?", "%{", "if ", "#", "/*", "*/", "\\", "1", "-", '"s"',
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_every_faulty_text_can_be_judged(text: str) -> None:
    linted = Linted()
    terraform(Entry("terraform", (Source("main.tf", text),), Path("main.tf")), linted)
    told = [one for one in linted.diagnostics if one.id == "terraform-syntax"]
    assert bool(told) is bool(list(faults(text)))
    lines = text.count("\n") + 1
    assert all(one.place.span is not None and one.place.span.line <= lines for one in told)
    assert all(one.help for one in told)
    for one in judge(linted.subjects, POLICIES, Settings("strict")):
        assert linted.places[id(one.subject)](one.route, one.within).span is not None


@pytest.mark.parametrize("condition", ["local.a", "merge(var.a, {})", '"x"'])
def test_a_condition_that_is_not_known_says_nothing(
    condition: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    principal = '{ Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }'
    text = (
        'resource "aws_iam_role" "a" {\n  assume_role_policy = jsonencode({\n    Statement = [{ Effect = "Allow", '
        f'Action = "sts:AssumeRoleWithWebIdentity", Principal = {principal}, Condition = {condition} }}]\n  }})\n}}\n'
    )
    assert _found(text, tmp_path, capsys, "--select", "github-trust-too-wide") == []


def test_a_call_of_a_module_without_a_name_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _found('module {\n  source = "a/b/c"\n}\n', tmp_path, capsys, "--profile", "baseline")
    assert [one["policy"] for one in found] == ["argument-missing"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"output": {"a": {\n  "value": "${var.b"\n}}}\n', [("terraform-syntax", 2, True)]),
        ('{"variable": {"a": {"default": ["${x}", "${var.b}"]}}}\n', []),
    ],
)
def test_expressions_in_json(
    text: str, told: list[tuple[str, int, bool]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The default of a variable is none."""
    (tmp_path / "main.tf.json").write_text(text)
    main(["lint", str(tmp_path), "--no-cache", "--format", "json", "--profile", "baseline"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["policy"], one["line"], bool(one["help"])) for one in found] == told

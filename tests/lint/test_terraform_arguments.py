"""What Terraform would refuse in the blocks of a module: beside override files, in JSON, and at its own line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

CHOSEN = ("argument-missing", "argument-unknown", "argument-misspelt")


def _found(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, str]]:
    chosen = [word for one in CHOSEN for word in ("--select", one)]
    main(["lint", str(folder), "--no-cache", *chosen, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(Path(one["file"]).name, one["line"], one["message"]) for one in found]


def test_an_override_file_completes_a_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_ecr_repository" "a" {\n}\nresource "aws_ecr_repository" "b" {\n}\n'
    )
    (tmp_path / "override.tf").write_text('resource "aws_ecr_repository" "a" {\n  name = "a"\n}\n')
    assert _found(tmp_path, capsys) == [("main.tf", 3, "`aws_ecr_repository.b` lacks `name` (a text)")]


def test_a_module_that_was_not_read_whole_may_have_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_ecr_repository" "a" {\n}\n')
    (tmp_path / "elsewhere").write_text("")
    (tmp_path / "more.tf").symlink_to(tmp_path / "elsewhere")
    assert _found(tmp_path, capsys) == []


def test_in_json_an_object_is_an_argument_and_a_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bucket = {"bucket": "a", "tags": {"a": "b"}, "versioning": {"enabled": True}}
    queue = {"nam": "a", "encryption": True}
    resources = {"aws_s3_bucket": {"a": bucket}, "aws_sqs_queue": {"a": queue}}
    (tmp_path / "main.tf.json").write_text(json.dumps({"resource": resources}, indent=1))
    assert _found(tmp_path, capsys) == [
        ("main.tf.json", 16, "`aws_sqs_queue.a` has no `nam`; did you mean `name`?"),
        ("main.tf.json", 17, "`aws_sqs_queue.a` has no `encryption`"),
    ]


def test_blocks_within_are_judged_at_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = """resource "aws_security_group" "a" {
  ingress {
    from_port = 1
    cidrs     = []
  }
  dynamic "egress" {
    for_each = var.ports
    content {
      form_port = egress.value
    }
  }
  dynamic "ingress" {
    content {
    }
  }
}
"""
    (tmp_path / "main.tf").write_text(text)
    assert [(line, message.partition("; it")[0]) for _, line, message in _found(tmp_path, capsys)] == [
        (4, "`aws_security_group.a.ingress` has no `cidrs`; did you mean `cidr_blocks`?"),
        (9, "`aws_security_group.a.egress` has no `form_port`; did you mean `from_port`?"),
        (12, '`aws_security_group.a.dynamic "ingress"` lacks `for_each`'),
    ]

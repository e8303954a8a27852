"""Findings about a part of a text stand at its line, and what answers for the text answers for its parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

HEAD = """\
on: issue_comment
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
"""
TITLE = "${{ github.event.issue.title }}"
STEPS = [
    ("- run: |\n    echo a\n    echo {}", (2, 14), False),
    ("- run: | # svc: ignore=script-injection reason=known\n    echo a\n    echo {}", (2, 14), True),
    ("# svc: ignore=script-injection reason=known\n- run: |\n    echo a\n    echo {}", (3, 14), True),
    ("# zizmor: ignore[template-injection]\n- run: >-\n\n    echo a\n    echo {}", (4, 14), True),
    ("- run: # svc: ignore=script-injection reason=known\n    |2-\n      echo\n    echo {}", (3, 14), True),
    ('- run: "a\n    \\tb {}" # svc: ignore=script-injection reason=known', (1, 13), True),
    ("- run: |\n    # svc: ignore=script-injection reason=known\n    echo {}", (2, 14), False),
    ("- run: !!str |\n    echo {}", (1, 14), False),
]


TERRAFORM = """\
resource "aws_iam_policy" "a" {
  policy = jsonencode({
    Statement = [
      # "the first {
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" }, # ]
      {
        Effect = "Allow"
        Action = "*"
      },
    ]
  })
}
resource "aws_sqs_queue_policy" "a" {
  policy = <<-EOT
    {
      "Statement": {
        "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage"
      }
    }
  EOT
}
locals {
  tags = {
    a = "x", b = "{"
    a = "y"
  }
}
"""


def _found(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[tuple[int, int, bool]]:
    main(["lint", "--format", "json", *options, str(folder)])
    return [(one["line"], one["column"], one["waived"]) for one in json.loads(capsys.readouterr().out)["findings"]]


def test_each_style_and_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    text, expected = HEAD, []
    for step, (line, column), waived in STEPS:
        lines = step.replace("{}", TITLE).split("\n")
        expected.append((text.count("\n") + line + 1, column + 6, waived))
        text += "".join(f"      {one}\n" if one else "\n" for one in lines)
    (tmp_path / ".github/workflows/a.yaml").write_text(text)
    assert _found(tmp_path, capsys, "--select", "script-injection") == expected


def test_items_of_terraform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    chosen = "iam-wildcard,policy-for-everybody,map-key-twice"
    assert _found(tmp_path, capsys, "--select", chosen) == [(6, 7, False), (16, 20, False), (25, 5, False)]


def test_texts_of_manifests_and_templates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    setting = "data:\n  a.properties: |\n    x=1\n    db.password=hunter22secret\n  b: c\n"
    (tmp_path / "a.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{setting}")
    assert _found(tmp_path, capsys, "--select", "secret-in-config-file") == [(7, 5, False)]

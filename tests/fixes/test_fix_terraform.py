"""Arguments of Terraform: where they are added, and when they are left to people."""

from __future__ import annotations

import pytest

from fixing_samples import FIXABLE, fixed, refused, run


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  # the "old one }\n  description = 1\n', "\n  enable_key_rotation = true\n"),
        ("\tdescription             = 1\n\tdeletion_window_in_days = 7\n", "\tenable_key_rotation     = true\n"),
        ("    a = 1\n    bcd = 2\n", "    enable_key_rotation = true\n"),
        ("  tags = {\n    a = 1\n  }\n", "  enable_key_rotation = true\n"),
        ("  description = <<EOT\n} # {\nEOT\n", "  enable_key_rotation = true\n"),
    ],
)
def test_an_argument_is_added_in_the_form_of_its_block(old: str, new: str) -> None:
    text = f'resource "aws_kms_key" "k" {{\n{old}}}\n'
    assert fixed("key-not-rotated", text) == f'resource "aws_kms_key" "k" {{\n{old}{new}}}\n'


NESTED = "  timeouts {\n    create = 1\n  }\n"
ROTATED = "  enable_key_rotation = true\n"


@pytest.mark.parametrize(
    ("above", "added", "below"),
    [
        ("  a = 1\n", "\n" + ROTATED, f"\n  # why\n{NESTED}"),
        ("  tags = {\n    a = 1\n  } # mine\n", ROTATED, f"  # b = 2\n\n{NESTED}\n  lifecycle {{\n  }}\n"),
        ("  a = <<EOT\nx {\n\nEOT\n", ROTATED, f"\n{NESTED}\n  depends_on = [a.b]\n"),
        ("", ROTATED + "\n", f"  # why\n{NESTED}"),
        (f"{NESTED}\n  tags = {{}}\n", "", ""),
    ],
)
def test_an_argument_stands_above_the_blocks_within_its_block(above: str, added: str, below: str) -> None:
    head = 'resource "aws_kms_key" "k" {\n'
    wanted = added or "\n" + ROTATED
    assert fixed("key-not-rotated", f"{head}{above}{below}}}\n") == f"{head}{above}{wanted}{below}}}\n"


def test_a_last_snapshot_needs_a_name() -> None:
    text = 'resource "aws_db_instance" "a" {\n  skip_final_snapshot = true\n}\n'
    assert "has to be chosen too" in refused("final-snapshot-skipped", text)


@pytest.mark.parametrize(
    ("policy", "before", "text"),
    [
        ("variable-not-sensitive", "variable {}\n", 'variable "db_password" {\n  type = string\n}\n'),
        ("deletion-protection-off", "resource {}\n", 'resource "aws_db_instance" "x" {\n  engine = "postgres"\n}\n'),
    ],
)  # fmt: skip
def test_a_block_without_a_name_is_not_taken_for_another(policy: str, before: str, text: str) -> None:
    made, new = run(FIXABLE[policy], before + text)
    assert made.applied
    assert new.startswith(before)
    assert new != before + text

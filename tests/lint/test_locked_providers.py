"""What is misspelt by the table of a provider is said where the module is for that version: its lock file says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

MODULE = """terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}
resource "aws_elasticache_replication_group" "x" {
  number_cache_clusters = 2
}
output "a" {
  value = aws_elasticache_replication_group.x.number_cache_clusters
}
"""
LOCK = 'provider "registry.terraform.io/hashicorp/aws" {{\n  version = "{}"\n}}\n'


def _said(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    select = ("--select", "attribute-misspelt,argument-misspelt")
    main(["lint", str(folder), *select, *options, "--format", "json"])
    return sorted(one["policy"] for one in json.loads(capsys.readouterr().out)["findings"])


@pytest.mark.parametrize("options", [("--no-cache",), ()], ids=["anew", "remembered"])
def test_the_lock_file_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]) -> None:
    (tmp_path / "main.tf").write_text(MODULE)
    assert _said(tmp_path, capsys, *options) == []
    lock = tmp_path / ".terraform.lock.hcl"
    lock.write_text(LOCK.format("6.10.0"))
    both = _said(tmp_path, capsys, *options)
    assert both
    lock.write_text(LOCK.format("4.67.0"))
    assert _said(tmp_path, capsys, *options) == []
    lock.write_bytes(b"\xff")
    assert _said(tmp_path, capsys, *options) == []
    lock.write_text(LOCK.format("6.10.0"))
    assert _said(tmp_path / "main.tf", capsys, *options) == both

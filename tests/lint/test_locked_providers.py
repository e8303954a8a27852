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


_CALLED = 'resource "aws_elasticache_replication_group" "x" {\n  number_cache_clusters = 2\n}\n'
_CALL = 'module "a" {\n  source = "%s"\n}\n'


@pytest.mark.parametrize("options", [("--no-cache",), ()], ids=["anew", "remembered"])
def test_a_module_is_planned_with_what_its_callers_choose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    for name, text in (("group", _CALLED), ("between", _CALL % "../group"), ("live", _CALL % "../between/")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    lock = tmp_path / "live" / ".terraform.lock.hcl"
    said = []
    for version in ("6.10.0", "4.67.0"):
        lock.write_text(LOCK.format(version))
        said.append(_said(tmp_path, capsys, *options))
    lock.unlink()
    versions = tmp_path / "live" / "versions.tf.json"
    for constraint in ("~> 6.0", "~> 4.0"):
        versions.write_text(json.dumps({"terraform": {"required_providers": {"aws": constraint}}}))
        said.append(_said(tmp_path, capsys, *options))
    assert said == [["argument-misspelt"], [], ["argument-misspelt"], []]


def test_a_module_that_is_called_completes_what_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    block = 'resource "aws_s3_bucket_public_access_block" "a" {\n  bucket = var.bucket\n}\n'
    call = 'module "%s" {\n  source = "../closed"\n  bucket = %s\n}\n'
    buckets = 'resource "aws_s3_bucket" "a" {\n}\nresource "aws_s3_bucket" "b" {\n}\n'
    for folder, text in {
        "closed": block,
        "live": buckets + call % ("a", "aws_s3_bucket.a.id") + call % ("c", "var.c"),
    }.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.tf").write_text(text)
    main(["lint", str(tmp_path), "--no-cache", "--select", "bucket-public-access-open", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["route"] for one in found] == ["resource.aws_s3_bucket.b"]


def test_many_modules_are_judged_by_their_callers_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(80):
        (tmp_path / f"m{number}").mkdir()
        (tmp_path / f"m{number}" / "main.tf").write_text(_CALLED)
    (tmp_path / "live").mkdir()
    called = "".join(_CALL.replace('"a"', f'"m{number}"') % f"../m{number}" for number in range(79))
    (tmp_path / "live" / "main.tf").write_text(called)
    said = []
    for version in ("6.10.0", "4.67.0", "6.10.0"):
        (tmp_path / "live" / ".terraform.lock.hcl").write_text(LOCK.format(version))
        said.append(len(_said(tmp_path, capsys)))
    assert said == [80, 1, 80]

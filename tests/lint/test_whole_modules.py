"""What is not declared in a Terraform module is said only where all of the module was read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_FILES = {"main.tf": 'output "a" {\n  value = var.name\n}\n', "versions.tf": "terraform {\n}\n"}


def _said(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    select = ("--select", "reference-undeclared", "--no-cache")
    main(["lint", str(folder), *select, "--format", "json"])
    return [one["policy"] for one in json.loads(capsys.readouterr().out)["findings"]]


def test_a_file_that_is_not_read_may_declare_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "module"
    folder.mkdir()
    for name, text in _FILES.items():
        (folder / name).write_text(text)
    assert _said(folder, capsys) == ["reference-undeclared"]
    (folder / "more.tf").write_text("locals {\n")
    assert _said(folder, capsys) == ["terraform-syntax"]
    (folder / "more.tf").unlink()
    (tmp_path / "variables.tf").write_text('variable "name" {\n}\n')
    (folder / "more.tf").symlink_to(tmp_path / "variables.tf")
    assert _said(folder, capsys) == []


def test_a_file_that_cannot_be_read_may_declare_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in _FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "variables.tf").write_bytes('variable "name" {\n  description = "größe"\n}\n'.encode("latin-1"))
    assert _said(tmp_path, capsys) == ["file-not-utf8"]


def test_what_only_opentofu_reads_may_declare_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in _FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "more.tofu").write_text('variable "name" {\n}\n')
    assert _said(tmp_path, capsys) == []
    assert _said(tmp_path / "main.tf", capsys) == []
    (tmp_path / "more.tofu").write_text('variable "other" {\n}\n')
    assert _said(tmp_path / "main.tf", capsys) == ["reference-undeclared"]
    (tmp_path / "given").write_text('variable "name" {\n}\n')
    (tmp_path / "linked.tofu").symlink_to(tmp_path / "given")
    assert _said(tmp_path / "main.tf", capsys) == []


def test_a_template_that_does_not_end_refers_to_nothing_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text('output "a" {\n  value = <<EOT\n${var.name\nEOT\n}\n')
    assert _said(tmp_path, capsys) == ["terraform-syntax"]
    (tmp_path / "main.tf").write_text('output "a" {\n  value = <<EOT\na 19" rack of ${var.name}\nEOT\n}\n')
    assert _said(tmp_path, capsys) == ["reference-undeclared"]
